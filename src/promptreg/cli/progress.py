"""A line that tells how far long work is; on a terminal only, and only after a while."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from promptreg.reporters.printable import printable

_AFTER_SECONDS = 1.0


@contextmanager
def progress(verb: str) -> Iterator[Callable[[str], None]]:
    """A function to call with the name of what is worked on now."""
    shown = False
    start = time.monotonic()

    def tell(name: str) -> None:
        nonlocal shown
        if sys.stderr.isatty() and time.monotonic() - start > _AFTER_SECONDS:
            shown = True
            sys.stderr.write(f"\r\x1b[K{verb} {printable(name, most=60)}")
            sys.stderr.flush()

    try:
        yield tell
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
