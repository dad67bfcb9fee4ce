"""Pushing, when the user asked for it: atomic, never forced, in their own environment."""

from __future__ import annotations

import logging
import shlex
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from promptreg.errors import GitError, RefusedError
from promptreg.store.git.repository import Repository

if TYPE_CHECKING:
    from git.remote import PushInfo

_SECONDS = 600.0
_LOG = logging.getLogger("git")
_SILENCE = logging.NullHandler()


def push_command(remote: str, refs: Sequence[str]) -> str:
    """The command that a person runs to push `refs` (full names), all or none."""
    return shlex.join(("git", "push", "--atomic", remote, *refs))


def push(
    repo: Repository,
    remote: str,
    refs: Sequence[str],
    *,
    progress: Callable[[str], None] | None = None,
) -> tuple[str, ...]:
    """Push `refs` (full names) to the same names of `remote`, all or none; what git said of each.

    `progress` is told git's own progress lines. RefusedError where the remote has something else
    there; nothing has changed on it then.
    """
    _require_plain(remote, refs)
    # GitPython is slow to import and serves here only: it knows git's progress protocol and
    # refuses remotes that would run a program of the repository's choice.
    from git import Repo  # noqa: PLC0415
    from git.exc import GitError as GitPythonError  # noqa: PLC0415
    from git.util import CallableRemoteProgress  # noqa: PLC0415

    # It logs what a remote says, and Python prints what no handler takes: raw text of strangers.
    _LOG.addHandler(_SILENCE)

    def tell(_stage: int, done: str | float, total: str | float | None = None, *_: str) -> None:
        if progress is not None:
            progress(f"{done} of {total}" if total else str(done))

    with Repo(repo.top_level) as handle:
        own = repo.git.environment.own()
        handle.git.update_environment(
            **own, GIT_DIR=str(repo.git_dir), GIT_WORK_TREE=str(repo.top_level)
        )
        try:
            pushed = handle.remote(remote).push(
                [f"{name}:{name}" for name in refs],
                progress=CallableRemoteProgress(tell),
                kill_after_timeout=_SECONDS,
                atomic=True,
                no_force=True,
            )
            _refuse_rejected(remote, pushed)
            pushed.raise_if_error()
        except (GitPythonError, ValueError) as error:
            raise _failure(remote, error) from None
        if len(pushed) < len(refs):
            raise GitError("the push ended without an answer for every ref", where=remote)
        return tuple(f"{one.local_ref}: {one.summary.strip()}" for one in pushed)


def _refuse_rejected(remote: str, pushed: Iterable[PushInfo]) -> None:
    rejected = [one for one in pushed if one.flags & (one.ERROR | one.REJECTED)]
    if rejected:
        said = "; ".join(f"{one.remote_ref_string}: {one.summary.strip()}" for one in rejected)
        raise RefusedError(
            f"the push was refused, so nothing was pushed: {said[:300]}",
            where=remote,
            hint="run `git fetch --tags`, look at what changed, and try again",
        )


def _failure(remote: str, error: Exception) -> GitError:
    said = str(getattr(error, "stderr", "") or error).replace("stderr:", "")
    lines = [line.strip(" '\t") for line in said.split("\n") if line.strip(" '\t")]
    telling = [line for line in lines if line.startswith(("fatal: ", "error: "))] or lines
    sentence = telling[0].removeprefix("fatal: ").removeprefix("error: ") if telling else ""
    return GitError(f"git push failed: {sentence[:300]}", where=remote)


def _require_plain(remote: str, refs: Sequence[str]) -> None:
    if not remote or remote.startswith("-"):
        raise GitError(f"`{remote}` is not a remote")
    for name in refs:
        if not name.startswith("refs/") or any(char in name for char in ":+*^~ "):
            raise GitError(f"`{name}` can't be pushed: it is not a full ref name")
