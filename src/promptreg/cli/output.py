"""What reaches the terminal, a file or a pipe. Results go to stdout, talk to stderr."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from promptreg.errors import UsageError
from promptreg.reporters.printable import without_commands

if TYPE_CHECKING:
    from promptreg.reporters.lines import Line

_COLOURS = {
    "error": "bold red",
    "warning": "bold yellow",
    "info": "bold cyan",
    "good": "green",
    "added": "green",
    "removed": "red",
    "name": "bold",
    "dim": "dim",
    "bold": "bold",
}


def show(lines: Iterable[Line], output: Path | None = None) -> None:
    """Print a result for people: coloured on a terminal only, never obeyed by a CI runner."""
    lines = list(lines)
    if output is None and _coloured(sys.stdout):
        _paint(lines)
    else:
        from promptreg.reporters.lines import plain  # noqa: PLC0415 - reporters have loaded it

        text = "".join(without_commands(one) + "\n" for one in plain(lines).split("\n")[:-1])
        write(text, output)


def write(text: str, output: Path | None = None) -> None:
    """Write a result as it is, as UTF-8 in any locale, to stdout or to a file.

    Raises OSError where that is impossible: a full disk, a closed standard output.
    """
    data = text.encode("utf-8", "backslashreplace")
    if output is not None:
        from promptreg.cli.named_files import refuse_link  # noqa: PLC0415 - only for a file

        refuse_link(output)
        _write_file(output, data)
        return
    if sys.__stdout__ is None:
        raise OSError(errno.EBADF, "standard output is closed")
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def talk(text: str) -> None:
    """Say something that is no result: one line, which no CI runner obeys."""
    sys.stderr.buffer.write(without_commands(text).encode("utf-8", "backslashreplace") + b"\n")
    sys.stderr.flush()


def in_ci(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a CI runner reads our output."""
    return any(environ.get(name) for name in ("CI", "GITHUB_ACTIONS", "TF_BUILD"))


def check_format(chosen: str, known: tuple[str, ...]) -> str:
    """`chosen`, or UsageError that lists the formats."""
    if chosen not in known:
        raise UsageError(f"there is no format `{chosen}` here", hint=f"one of: {', '.join(known)}")
    return chosen


def _write_file(path: Path, data: bytes) -> None:
    """In place, since it may be a pipe or a mount; half of a new file is not left behind."""
    is_new = not path.exists()
    try:
        path.write_bytes(data)
    except OSError:
        if is_new:
            with contextlib.suppress(OSError):
                path.unlink()
        raise


def _coloured(stream: object) -> bool:
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    # Where the locale has no words for all of Unicode, `write` escapes what rich would stop at.
    if str(getattr(stream, "encoding", "")).lower().replace("-", "") != "utf8":
        return False
    return bool(getattr(stream, "isatty", lambda: False)())


def _paint(lines: list[Line]) -> None:
    from rich.console import Console  # noqa: PLC0415 - only a terminal pays for rich
    from rich.text import Text  # noqa: PLC0415

    # The text is data: no markup, no emoji codes, no highlighting, no wrapping.
    console = Console(markup=False, emoji=False, highlight=False, soft_wrap=True)
    for one in lines:
        text = Text.assemble(*((span.text, _COLOURS.get(span.style, "")) for span in one))
        console.print(text, soft_wrap=True)
