"""What many commits did to files, from one process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from promptreg.errors import GitError
from promptreg.store.git.commits import Commit
from promptreg.store.git.repository import Repository, ask
from promptreg.store.git.wire import below, is_oid, require_oid, split_nul


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that a commit changed; `mode` and `oid` are "" where it is gone, `old` where it is new."""

    path: str
    mode: str
    oid: str
    old: str


def file_changes(
    repo: Repository, pairs: Iterable[tuple[str, str]], prefix: str = ""
) -> dict[str, tuple[FileChange, ...]]:
    """The files below `prefix` that each commit changed, compared with the parent beside it.

    `pairs` are (commit, parent), with an empty parent for a commit that has none. A rename is two
    changes. Commits without changes have no key.
    """
    said = "".join(
        f"{require_oid(commit)} {require_oid(parent)}\n" if parent else f"{require_oid(commit)}\n"
        for commit, parent in pairs
    )
    if not said:
        return {}
    words = ("--stdin", "-r", "-z", "--root", "--raw", "--no-renames", "--no-abbrev")
    hiding = ("--no-ext-diff", "--ignore-submodules=none", "-O/dev/null")
    answer = ask(
        repo, "diff-tree", *words, *hiding, "--", *below(prefix), stdin=said.encode("ascii")
    )
    return _parse(split_nul(answer.out))


def with_first_parent(commit: Commit) -> tuple[str, str]:
    """A commit and what it is compared with along first parents."""
    return commit.oid, next(iter(commit.parents), "")


def _parse(records: tuple[str, ...]) -> dict[str, tuple[FileChange, ...]]:
    found: dict[str, list[FileChange]] = {}
    own: list[FileChange] = []
    rest = iter(records)
    for record in rest:
        if is_oid(record):
            own = found.setdefault(record, [])
            continue
        fields, path = record.split(" "), next(rest, "")
        if len(fields) != 5 or not record.startswith(":") or not path:
            raise GitError("git diff-tree answered a line that promptreg doesn't know")
        gone = fields[4] == "D"
        old = "" if fields[4] == "A" else fields[2]
        own.append(FileChange(path, *(("", "") if gone else (fields[1], fields[3])), old))
    return {commit: tuple(changes) for commit, changes in found.items()}
