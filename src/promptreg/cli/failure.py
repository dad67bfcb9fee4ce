"""What went wrong, in words, and the exit code that says so."""

from __future__ import annotations

import errno
import os
import platform
import sys
import traceback
from pathlib import Path

from promptreg import __version__
from promptreg.errors import PromptregError
from promptreg.reporters.printable import printable, without_commands

COULD_NOT_RUN, BUG, INTERRUPTED = 2, 3, 130
_DEBUG = "PROMPTREG_DEBUG"


def exit_code_of(error: BaseException, *, debug: bool = False) -> int:
    """Tell on stderr what `error` means for the person; the code to exit with.

    The traceback of a bug is printed with `debug`, or where PROMPTREG_DEBUG is set.
    """
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else COULD_NOT_RUN
    if isinstance(error, (KeyboardInterrupt,)) or type(error).__name__ == "Abort":
        _say(["interrupted"])
        return INTERRUPTED
    if isinstance(error, PromptregError):
        _say(_sentences(error))
        return COULD_NOT_RUN
    if isinstance(error, OSError):
        return _system(error)
    if hasattr(error, "format_message"):  # Typer's own: a wrong option, a missing argument
        context = getattr(error, "ctx", None)
        hint = f"`{context.command_path} --help` shows what it takes" if context else ""
        _say(_sentences(PromptregError(error.format_message(), hint=hint)))
        return COULD_NOT_RUN
    _report_bug(error)
    if debug or os.environ.get(_DEBUG):
        traceback.print_exception(error)
    return BUG


def _sentences(error: PromptregError) -> list[str]:
    lines = [f"error: {printable(error.what, most=600)}"]
    if error.where:
        lines.append(f"  in:   {printable(error.where, most=600)}")
    lines += [
        f"  {'hint:' if not index else '     '} {printable(line, most=600)}"
        for index, line in enumerate(error.hint.split("\n") if error.hint else ())
    ]
    return lines


def _system(error: OSError) -> int:
    if sys.__stdout__ is not None:
        # What couldn't be written must not be flushed again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno())
    if isinstance(error, BrokenPipeError):
        return 0  # whoever read us has gone: `promptreg list | head`
    words = {
        errno.ENOSPC: "the disk is full",
        errno.EROFS: "the file system is read-only",
        errno.EACCES: "no permission",
        errno.EPERM: "no permission",
    }
    what = words.get(error.errno or 0, error.strerror or str(error))
    where = os.fsdecode(error.filename) if isinstance(error.filename, (str, bytes)) else ""
    _say(_sentences(PromptregError(what, where=where, hint="nothing more was done")))
    return COULD_NOT_RUN


def _report_bug(error: BaseException) -> None:
    frames = traceback.extract_tb(error.__traceback__)
    trail = [f"    {frame.name} ({_module(frame.filename)}:{frame.lineno})" for frame in frames]
    _say(
        [
            f"bug: {type(error).__name__}: {printable(str(error), most=300)}",
            "  This is a fault in promptreg, not in your files. Please report these lines:",
            f"    promptreg {__version__}, Python {platform.python_version()}, {sys.platform}",
            *trail[-8:],
        ]
    )


def _module(path: str) -> str:
    return "/".join(Path(path).parts[-2:])


def _say(lines: list[str]) -> None:
    text = "".join(without_commands(line) + "\n" for line in lines)
    try:
        sys.stderr.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stderr.flush()
    except OSError:
        pass  # nobody is there to be told; the exit code still tells
