"""Which files differ between two commits. Names come NUL-separated, so none gets lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from promptreg.errors import GitError
from promptreg.store.git.commits import Commit
from promptreg.store.git.file_changes import file_changes, with_first_parent
from promptreg.store.git.repository import Repository, ask
from promptreg.store.git.wire import below, require_oid, split_nul

# `.gitmodules` and `diff.*` settings of the repository could hide changes.
_FLAGS = ("-r", "-z", "--no-ext-diff", "--ignore-submodules=none", "-O/dev/null")


@dataclass(frozen=True, slots=True)
class ChangedPath:
    """A file that differs.

    `status` is A(dded), D(eleted), M(odified), T(ype changed) or R(enamed); `old` and `new` are
    equal but for a rename.
    """

    status: str
    old: str
    new: str


def changed_paths(repo: Repository, base: str, head: str, prefix: str = "") -> tuple[str, ...]:
    """The files below `prefix` that differ between two commits, sorted; a rename is two paths."""
    words = (*_FLAGS, "--no-renames", "--name-only", require_oid(base), require_oid(head))
    return tuple(sorted(split_nul(ask(repo, "diff-tree", *words, "--", *below(prefix)).out)))


def changed_paths_and_renames(
    repo: Repository, base: str, head: str, prefix: str = ""
) -> tuple[ChangedPath, ...]:
    """Like `changed_paths`, with what happened; renames within `prefix` are recognised."""
    words = (*_FLAGS, "-M", "-l2000", "--name-status", require_oid(base), require_oid(head))
    answer = ask(repo, "diff-tree", *words, "--", *below(prefix))
    return parse_name_status(split_nul(answer.out))


def touched_paths(repo: Repository, commits: Iterable[Commit]) -> dict[str, set[str]]:
    """The files that each commit changed against its first parent, from one process."""
    commits = tuple(commits)
    found = file_changes(repo, map(with_first_parent, commits))
    return {one.oid: {each.path for each in found.get(one.oid, ())} for one in commits}


def parse_name_status(records: tuple[str, ...]) -> tuple[ChangedPath, ...]:
    """The records of `--name-status -z`."""
    found = []
    rest = iter(records)
    for status in rest:
        old = next(rest, "")
        new = next(rest, "") if status[:1] in {"R", "C"} else old
        if not status or status[0] not in "ADMTRC" or not old or not new:
            raise GitError("git diff-tree answered a line that promptreg doesn't know")
        found.append(ChangedPath(status[0], old, new))
    return tuple(found)
