"""Bringing index and working tree up to a commit that was just made, for its files only."""

from __future__ import annotations

from pathlib import Path

from promptreg.errors import RefusedError
from promptreg.store.atomic import remove_file, write_file
from promptreg.store.git.repository import Repository, ask
from promptreg.store.git.worktree import dirty_paths
from promptreg.store.git.writing import FileChange, index_lines, modes_in


def require_clean(repo: Repository, paths: tuple[str, ...]) -> None:
    """RefusedError where one of `paths` has changes that are not committed."""
    if not paths:
        return
    dirty = dirty_paths(repo, paths=paths)
    if dirty:
        raise RefusedError(
            "the file has changes that are not committed",
            where=", ".join(dirty),
            hint="commit or undo them first",
        )


def bring_up_to_date(repo: Repository, commit: str, changes: tuple[FileChange, ...]) -> None:
    """Put `changes`, which `commit` holds, into the index and onto disk.

    Call it once the checked-out branch stands on `commit` and `require_clean` held before. Other
    staged changes stay as they are.
    """
    lines = index_lines(repo, changes, modes_in(repo, commit, changes))
    ask(repo, "update-index", "--add", "-z", "--index-info", stdin=lines)
    top_level = Path(repo.top_level)
    for change in changes:
        if change.data is None:
            remove_file(top_level, change.path)
        else:
            write_file(top_level, change.path, change.data)
