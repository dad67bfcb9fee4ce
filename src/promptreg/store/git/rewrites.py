"""What makes git show another history than the one that is stored."""

from __future__ import annotations

from promptreg.store.files import FileProblem, read_file
from promptreg.store.git.repository import Repository
from promptreg.store.git.wire import is_oid, to_text

GRAFTS = "info/grafts"
REPLACED = "refs/replace/"
_LIMIT = 1024 * 1024


def grafted_commits(repo: Repository) -> tuple[str, ...]:
    """The commits that `info/grafts` gives other parents; promptreg itself never looks there.

    A file that can't be read counts as one that grafts: it is named `info/grafts`.
    """
    try:
        content = read_file(repo.common_dir, GRAFTS, limit=_LIMIT)
    except FileProblem as problem:
        return () if problem.rule == "missing" else (GRAFTS,)
    words = (line.split(" ")[0] for line in to_text(content).split("\n"))
    return tuple(word for word in words if is_oid(word))
