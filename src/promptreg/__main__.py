"""`python -m promptreg`."""

from promptreg.cli.main import main

main()
