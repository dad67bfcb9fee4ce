"""Pushing, when the user asked for it: atomic, never forced, in their own environment."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from promptreg.errors import GitError, RefusedError
from promptreg.store.git.failures import failure
from promptreg.store.git.process import Call, run
from promptreg.store.git.repository import Repository, located
from promptreg.store.git.wire import to_text

_SECONDS = 600.0


def push_command(remote: str, refs: Sequence[str]) -> str:
    """The command that a person runs to push `refs` (full names), all or none."""
    return shlex.join(("git", "push", "--atomic", remote, *refs))


def push(repo: Repository, remote: str, refs: Sequence[str]) -> tuple[str, ...]:
    """Push `refs` (full names) to the same names of `remote`, all or none; what git said of each.

    RefusedError where the remote has something else there; nothing has changed on it then.
    """
    _require_plain(remote, refs)
    specs = tuple(f"{name}:{name}" for name in refs)
    words = (
        "push",
        "--atomic",
        "--porcelain",
        "--no-force",
        "--no-follow-tags",
        "--",
        remote,
        *specs,
    )
    call = Call(words, own=True, seconds=_SECONDS)
    answer = run(repo.git, located(repo, call), repo.top_level)
    lines = to_text(answer.out).split("\n")
    rejected = [line[1:].strip() for line in lines if line.startswith("!")]
    if rejected:
        raise RefusedError(
            f"the push was refused, so nothing was pushed: {'; '.join(rejected)[:300]}",
            where=remote,
            hint="run `git fetch --tags`, look at what changed, and try again",
        )
    if answer.code != 0:
        raise failure("push", answer, repo.top_level)
    return tuple(line.replace("\t", " ").strip() for line in lines if "\t" in line)


def _require_plain(remote: str, refs: Sequence[str]) -> None:
    if not remote or remote.startswith("-"):
        raise GitError(f"`{remote}` is not a remote")
    for name in refs:
        if not name.startswith("refs/") or any(char in name for char in ":+*^~ "):
            raise GitError(f"`{name}` can't be pushed: it is not a full ref name")
