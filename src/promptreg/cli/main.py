"""Where the `promptreg` command begins. Help and version are answered before anything is loaded."""

from __future__ import annotations

import sys

from promptreg import __version__


def main() -> None:
    """Run the command line and exit with its code."""
    words = sys.argv[1:]
    if words in (["--version"], ["-V"]):
        sys.stdout.write(f"promptreg {__version__}\n")
        return
    if words in ([], ["--help"], ["-h"], ["help"]):
        from promptreg.cli.table import overview  # noqa: PLC0415 - loaded on use

        sys.stdout.write(overview())
        return
    from promptreg.cli.app import run  # noqa: PLC0415 - loaded on use

    sys.exit(run(words))
