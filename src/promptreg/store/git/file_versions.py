"""The versions of a file, or of a folder's, along a line of commits."""

from __future__ import annotations

from collections.abc import Sequence

from promptreg.errors import GitError
from promptreg.store.git.commits import Commit
from promptreg.store.git.file_changes import file_changes, with_first_parent
from promptreg.store.git.repository import Repository


def file_versions(repo: Repository, commits: Sequence[Commit], path: str) -> tuple[str, ...]:
    """The blob that each commit gave `path`, compared with its first parent.

    Empty where the commit removed the file. Commits that don't touch it are a GitError: they come
    from `rev_list` with this path and `first_parent`.
    """
    found = file_changes(repo, map(with_first_parent, commits), path)
    missing = [commit.oid for commit in commits if not found.get(commit.oid)]
    if missing:
        raise GitError(f"the commit {missing[0]} doesn't touch `{path}`")
    return tuple(found[commit.oid][-1].oid for commit in commits)


def folder_versions(
    repo: Repository, commits: Sequence[Commit], folder: str
) -> tuple[tuple[str, str, str], ...]:
    """(commit, path, blob) of every version of a file below `folder` that a commit brought.

    The commits are those of `rev_list`; each is compared with its first parent.
    """
    found = file_changes(repo, map(with_first_parent, commits), folder)
    return tuple(
        (commit, one.path, one.oid) for commit, own in found.items() for one in own if one.mode
    )
