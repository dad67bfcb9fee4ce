"""Bringing index and working tree up to a commit that was just made, for its files only."""

from __future__ import annotations

import os
from os.path import lexists
from pathlib import Path

from promptreg.errors import RefusedError
from promptreg.store.atomic import remove_file, write_file
from promptreg.store.git.failures import locked
from promptreg.store.git.listing import on_disk, tracked_files
from promptreg.store.git.repository import Repository, ask
from promptreg.store.git.worktree import dirty_paths
from promptreg.store.git.writing import FileChange, index_lines, modes_in


def require_clean(repo: Repository, paths: tuple[str, ...]) -> None:
    """RefusedError where one of `paths` has changes that are not committed.

    A file that git doesn't track counts: it would be overwritten. GitError where the index is
    locked, since the branch would move and its files couldn't follow.
    """
    lock = repo.git_dir / "index.lock"
    if lock.exists():
        raise locked(lock)
    if not paths:
        return
    tracked = {entry.path for entry in tracked_files(repo, paths=paths)}
    loose = {path for path in paths if path not in tracked and lexists(on_disk(repo, path))}
    dirty = sorted({*dirty_paths(repo, paths=paths), *loose})
    if dirty:
        raise RefusedError(
            "the file has changes that are not committed",
            where=", ".join(dirty),
            hint="commit them, or put them away with `git stash --include-untracked`",
        )


def require_writable(repo: Repository, paths: tuple[str, ...]) -> None:
    """RefusedError where the folder of one of `paths`, or the nearest that is there, is read-only.

    Files follow the branch, and it must not move where they can't.
    """
    for path in paths:
        folder = Path(os.fsdecode(on_disk(repo, path))).parent
        while not lexists(folder):
            folder = folder.parent
        if not os.access(folder, os.W_OK | os.X_OK):
            raise RefusedError(
                "the folder can't be written to; nothing was changed",
                where=str(folder),
                hint="see who owns it and what its mount allows",
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
