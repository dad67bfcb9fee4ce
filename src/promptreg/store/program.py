"""Running a program that the user named on the command line.

Nothing that a repository holds ever gets here: not as a command, only as a file that the program
may read.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from promptreg.errors import PromptregError

MOST_OUTPUT = 64 * 1024
"""Bytes of its output that are kept; the rest is read and dropped."""

_SHELL = "/bin/sh"
_READ = 65536


@dataclass(frozen=True, slots=True)
class Program:
    """A command line for the shell, in the user's own environment. `seconds` bounds each run."""

    command: str
    folder: Path
    environ: Mapping[str, str] = field(repr=False)
    seconds: float


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: its exit code, or minus the signal that ended it; and what it wrote."""

    code: int
    output: bytes


def run_program(program: Program, words: tuple[str, ...], variables: Mapping[str, str]) -> Ended:
    """Run the command with `words` after its own, and `variables` beside the user's.

    It gets no input; both its streams are kept in their order. Raises PromptregError where it can't
    start or takes too long; whatever it started in its group is ended with it.
    """
    script = f'{program.command.rstrip()} "$@"' if words else program.command
    try:
        process = subprocess.Popen(
            [_SHELL, "-c", script, _SHELL, *words],
            cwd=program.folder,
            env={**program.environ, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
    except (OSError, ValueError) as error:
        raise PromptregError(
            f"`{program.command:.200}` can't be started: {error}", where=str(program.folder)
        ) from None
    kept = bytearray()
    reader = threading.Thread(target=_read, args=(process.stdout, kept), daemon=True)
    reader.start()
    try:
        code = process.wait(timeout=program.seconds)
    except subprocess.TimeoutExpired:
        raise PromptregError(
            f"`{program.command:.200}` took longer than {program.seconds:g} s",
            hint="`--timeout SECONDS` gives it more",
        ) from None
    finally:
        _stop(process)
        # Something that left the group may hold the pipe open; it isn't waited for.
        reader.join(timeout=2)
    return Ended(code, bytes(kept))


def _read(stream: IO[bytes] | None, kept: bytearray) -> None:
    with contextlib.suppress(ValueError, OSError):
        while stream is not None and (data := os.read(stream.fileno(), _READ)):
            kept.extend(data[: MOST_OUTPUT - len(kept)])
    if stream is not None:
        stream.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
