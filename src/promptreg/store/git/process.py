"""The one place that starts git."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from promptreg.errors import GitError
from promptreg.store.git.environment import HARDENED_SETTINGS, GitEnvironment
from promptreg.store.git.wire import to_bytes

OLDEST = (2, 39)
"""Older versions lack `safe.bareRepository` or treat hostile repositories differently."""

_VERSION = re.compile(rb"git version (\d+)\.(\d+)")


class NoAnswerError(GitError):
    """git could not be run to its end. It says nothing about the repository."""


@dataclass(frozen=True, slots=True)
class Git:
    """A git that is new enough, and how to start it."""

    program: str
    environment: GitEnvironment
    safe_directories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """One run of git.

    `settings` are further `-c` values, `variables` further environment variables; `seconds` is the
    time limit. `own` runs it in the user's own environment, with nothing hardened.
    """

    arguments: tuple[str, ...]
    stdin: bytes = b""
    settings: tuple[str, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    seconds: float = 120.0
    own: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What git said."""

    code: int
    out: bytes
    err: bytes


def find_git(environment: GitEnvironment) -> Git:
    """The git on the caller's PATH; GitError where there is none or one older than OLDEST."""
    program = shutil.which("git", path=environment.path)
    wanted = ".".join(map(str, OLDEST))
    if program is None:
        raise GitError("git is not installed", where="PATH", hint=f"install git {wanted} or newer")
    git = Git(program, environment)
    said = run(git, Call(("version",), seconds=20.0), Path("/")).out
    match = _VERSION.match(said)
    if match is None or (int(match[1]), int(match[2])) < OLDEST:
        version = said.decode("ascii", "replace").strip()[:60] or "it doesn't say its version"
        raise GitError(
            f"git is too old: {version}", where=program, hint=f"install git {wanted} or newer"
        )
    return git


def run(git: Git, call: Call, folder: Path) -> Answer:
    """Run git to its end in `folder`; GitError where it can't start or takes too long."""
    process = start(git, call, folder)
    try:
        out, err = process.communicate(call.stdin, timeout=call.seconds)
    except subprocess.TimeoutExpired:
        raise NoAnswerError(
            f"git {call.arguments[0]} took longer than {call.seconds:g} s", where=str(folder)
        ) from None
    finally:
        stop(process, group=not call.own)
    return Answer(process.returncode, out, err)


def start(git: Git, call: Call, folder: Path, *, quiet: bool = False) -> subprocess.Popen[bytes]:
    """Start git in `folder`; the caller talks to it through its pipes and calls `stop`.

    `quiet` drops what it says on standard error.
    """
    try:
        return subprocess.Popen(
            command_line(git, call),
            executable=git.program,
            cwd=os.fsencode(folder),
            env=_environment(git, call),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if quiet else subprocess.PIPE,
            # A group of its own can be ended with all its children. A push stays in the terminal's
            # group, since it may ask for a password there.
            process_group=None if call.own else 0,
        )
    except (FileNotFoundError, NotADirectoryError):
        raise GitError("the folder does not exist", where=str(folder)) from None
    except OSError as error:
        raise NoAnswerError(f"git can't be started: {error.strerror}", where=str(folder)) from None


def stop(process: subprocess.Popen[bytes], *, group: bool = True) -> None:
    """End git if it still runs, and release its pipes."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            if group:
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.terminate()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
    process.wait()


def command_line(git: Git, call: Call) -> list[bytes]:
    """The argument list, as bytes so that no locale changes it."""
    settings = () if call.own else HARDENED_SETTINGS
    trusted = () if call.own else tuple(f"safe.directory={name}" for name in git.safe_directories)
    words = ["git", "--no-pager"]
    for setting in (*settings, *trusted, *call.settings):
        words += ["-c", setting]
    return [to_bytes(word) for word in (*words, *call.arguments)]


def _environment(git: Git, call: Call) -> Mapping[bytes, bytes]:
    chosen = git.environment.own() if call.own else git.environment.hardened()
    encoded = {os.fsencode(name): os.fsencode(value) for name, value in chosen.items()}
    return encoded | {to_bytes(name): to_bytes(value) for name, value in call.variables}
