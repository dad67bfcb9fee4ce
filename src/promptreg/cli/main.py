"""Where the `promptreg` command begins. Help and version are answered before anything is loaded."""

from __future__ import annotations

import errno
import gc
import os
import sys

from promptreg import __version__

_COLLECT = (10_000, 10, 70)
"""How many new objects before the youngest are collected, and how many collections of the younger
between two of the older. Python's own first number is 700, which every import exceeds."""


def main() -> None:
    """Run the command line and exit with its code."""
    words = sys.argv[1:]
    if sys.__stderr__ is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - pathlib is slow to load
    if words in (["--version"], ["-V"]):
        _print(f"promptreg {__version__}\n")
        return
    if words in ([], ["--help"], ["-h"], ["help"]):
        from promptreg.cli.table import overview  # noqa: PLC0415 - loaded on use

        _print(overview())
        return
    # A run keeps nearly all that it makes until it ends, and going through all of it again and
    # again finds nothing. What is young is still collected.
    gc.set_threshold(*_COLLECT)
    from promptreg.cli.app import run  # noqa: PLC0415 - loaded on use

    code = run(words)
    # Nor does going through it once more at the end: the process gives back all that it has.
    gc.freeze()
    sys.exit(code)


def _print(text: str) -> None:
    try:
        _write(text)
    except OSError as error:
        from promptreg.cli.failure import exit_code_of  # noqa: PLC0415 - loaded on use

        sys.exit(exit_code_of(error))


def _write(text: str) -> None:
    # As `output.write`, which costs more to load than all the rest of this.
    if sys.__stdout__ is None:
        raise OSError(errno.EBADF, "standard output is closed")
    sys.stdout.write(text)
    sys.stdout.flush()
