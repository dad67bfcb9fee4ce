"""`python -m promptreg`."""

import sys

# `-m` puts the current folder in front of all modules, and what lies there is the repository's. Our
# own modules are found by their package; `python -P -m promptreg` never looks there at all.
if not sys.flags.safe_path:
    del sys.path[0]

from promptreg.cli.main import main

main()
