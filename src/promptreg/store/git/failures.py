"""git's refusals, as one sentence and the command that mends it."""

from __future__ import annotations

import os
import re
import shlex
import time
from dataclasses import dataclass
from pathlib import Path

from promptreg.errors import GitError
from promptreg.store.git.process import Answer
from promptreg.store.git.wire import to_text

_LOCK = re.compile(rb"Unable to create '(?P<path>[^\n]*\.lock)': File exists")
_OWNER = re.compile(rb"dubious ownership in repository at '(?P<path>[^\n]*)'")


@dataclass(frozen=True, slots=True)
class _Known:
    words: bytes
    what: str
    hint: str


_KNOWN = (
    _Known(
        b"not a git repository",
        "this folder is not in a git repository",
        "run `git init`, or run the command in a clone",
    ),
    _Known(
        b"cannot use bare repository",
        "this is a bare repository: it has no files to work on",
        "clone it and run the command in the clone",
    ),
    _Known(
        b"this operation must be run in a work tree",
        "this is a bare repository: it has no files to work on",
        "clone it and run the command in the clone",
    ),
    _Known(
        b"promisor remote",
        "this clone is partial and lacks an object that is needed",
        "run `git fetch --refetch --no-filter`",
    ),
    _Known(
        b"lazy fetching disabled",
        "this clone is partial and lacks an object that is needed",
        "run `git fetch --refetch --no-filter`",
    ),
    _Known(
        b"No space left on device",
        "the disk is full; nothing was changed",
        "free some space and run the command again",
    ),
    *(
        _Known(
            words,
            "the repository's folder can't be written to; nothing was changed",
            "see who owns it and what its mount allows, or work in a clone of your own",
        )
        for words in (b"insufficient permission", b"': Permission denied", b"Read-only file system")
    ),
)


def failure(verb: str, answer: Answer, where: Path) -> GitError:
    """The error for an answer whose exit code says that `git VERB` did not succeed."""
    if match := _LOCK.search(answer.err):
        return locked(Path(os.fsdecode(match["path"])))
    if match := _OWNER.search(answer.err):
        return _foreign(to_text(match["path"]))
    for known in _KNOWN:
        if known.words in answer.err:
            return GitError(known.what, where=str(where), hint=known.hint)
    return GitError(f"git {verb} failed: {_sentence(answer)}", where=str(where))


def locked(lock: Path) -> GitError:
    """The error for a lock file that another process holds or left behind."""
    quoted = shlex.quote(str(lock))
    try:
        seconds = max(0, int(time.time() - lock.stat().st_mtime))
    except OSError:
        return GitError(
            "another git process held a lock; it is gone now",
            where=str(lock),
            hint="run the command again",
        )
    return GitError(
        f"a lock of another git process is in the way; it is {_age(seconds)} old",
        where=str(lock),
        hint=f"wait until that process has ended; if none runs: `rm {quoted}`",
    )


def is_foreign(answer: Answer) -> bool:
    """Whether git refused because the repository belongs to someone else."""
    return answer.code != 0 and _OWNER.search(answer.err) is not None


def _foreign(folder: str) -> GitError:
    return GitError(
        "the repository belongs to another user, so git won't read it",
        where=folder,
        hint="if you trust it, run "
        f"`git config --global --add safe.directory {shlex.quote(folder)}`",
    )


def _sentence(answer: Answer) -> str:
    if answer.code < 0:
        return f"it was ended by signal {-answer.code}"
    lines = [line.strip() for line in to_text(answer.err).split("\n") if line.strip()]
    telling = [line for line in lines if line.startswith(("fatal: ", "error: "))] or lines
    if not telling:
        return f"exit code {answer.code}"
    return telling[0].removeprefix("fatal: ").removeprefix("error: ")[:300]


def _age(seconds: int) -> str:
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"
