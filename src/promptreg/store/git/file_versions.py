"""The versions of one file along a line of commits, with one process."""

from __future__ import annotations

from collections.abc import Sequence

from promptreg.errors import GitError
from promptreg.store.git.commits import Commit
from promptreg.store.git.repository import Repository, ask
from promptreg.store.git.wire import is_oid, split_nul


def file_versions(repo: Repository, commits: Sequence[Commit], path: str) -> tuple[str, ...]:
    """The blob that each commit gave `path`, compared with its first parent.

    Empty where the commit removed the file. Commits that don't touch it are a GitError: they come
    from `rev_list` with this path and `first_parent`.
    """
    if not commits:
        return ()
    lines = "".join(" ".join((commit.oid, *commit.parents[:1])) + "\n" for commit in commits)
    words = ("--stdin", "-r", "-z", "--root", "--raw", "--no-renames", "--no-abbrev")
    answer = ask(
        repo, "diff-tree", *words, "--no-ext-diff", "--", path, stdin=lines.encode("ascii")
    )
    found = _parse(split_nul(answer.out))
    missing = [commit.oid for commit in commits if commit.oid not in found]
    if missing:
        raise GitError(f"the commit {missing[0]} doesn't touch `{path}`")
    return tuple(found[commit.oid] for commit in commits)


def folder_versions(
    repo: Repository, commits: Sequence[Commit], folder: str
) -> tuple[tuple[str, str, str], ...]:
    """(commit, path, blob) of every version of a file below `folder` that a commit brought.

    The commits are those of `rev_list`; each is compared with its first parent.
    """
    if not commits:
        return ()
    lines = "".join(" ".join((commit.oid, *commit.parents[:1])) + "\n" for commit in commits)
    words = ("--stdin", "-r", "-z", "--root", "--raw", "--no-renames", "--no-abbrev")
    answer = ask(
        repo, "diff-tree", *words, "--no-ext-diff", "--", folder, stdin=lines.encode("ascii")
    )
    found = []
    commit = ""
    rest = iter(split_nul(answer.out))
    for record in rest:
        if is_oid(record):
            commit = record
            continue
        fields, path = record.split(" "), next(rest, "")
        if len(fields) != 5 or not record.startswith(":") or not path:
            raise GitError("git diff-tree answered a line that promptreg doesn't know")
        if fields[4] != "D":
            found.append((commit, path, fields[3]))
    return tuple(found)


def _parse(records: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    commit = ""
    rest = iter(records)
    for record in rest:
        if is_oid(record):
            commit = record
            continue
        fields = record.split(" ")
        if len(fields) != 5 or not record.startswith(":") or not next(rest, ""):
            raise GitError("git diff-tree answered a line that promptreg doesn't know")
        found[commit] = "" if fields[4] == "D" else fields[3]
    return found
