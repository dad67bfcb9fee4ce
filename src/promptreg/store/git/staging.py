"""Bringing index and working tree up to a commit that was just made, for its files only."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from os.path import lexists
from pathlib import Path

from promptreg.errors import RefusedError
from promptreg.store.atomic import UNFINISHED, remove_file, write_file
from promptreg.store.git.failures import locked
from promptreg.store.git.listing import on_disk, tracked_files
from promptreg.store.git.process import Call
from promptreg.store.git.repository import Repository, ask, call
from promptreg.store.git.wire import split_nul
from promptreg.store.git.worktree import dirty_paths, holds
from promptreg.store.git.writing import TEMPORARY, FileChange, index_lines, modes_in
from promptreg.store.paths import path_problem

_LOOKS = 50
_PAUSE = 0.02


@dataclass(frozen=True, slots=True)
class Replaced:
    """A file that a write gives other contents: blobs, "" where there is no file."""

    path: str
    old: str
    new: str

    @property
    def back(self) -> Replaced:
        """The same the other way round."""
        return Replaced(self.path, self.new, self.old)


def require_clean(repo: Repository, paths: tuple[str, ...]) -> None:
    """RefusedError where one of `paths` has changes that are not committed.

    A file that git doesn't track counts: it would be overwritten. GitError where the index is
    locked, since the branch would move and its files couldn't follow.
    """
    _await_index(repo)
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
    """RefusedError where one of `paths` is no path that we write, or its folder is read-only.

    The folder, or the nearest that is there. Files follow the branch, and it must not move where
    they can't.
    """
    for path in paths:
        if problem := path_problem(path):
            raise RefusedError(
                f"the path can't be written: {problem}; nothing was changed",
                where=path,
                hint="the registry's folder needs a name that every checkout can hold",
            )
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
    if not changes:
        return
    _await_index(repo)
    lines = index_lines(repo, changes, modes_in(repo, commit, changes))
    words = ("update-index", "--add", "-z", "--index-info")
    call(repo, Call(words, stdin=lines, variables=_without_filters(repo)))
    write_changes(repo, changes)


def write_changes(repo: Repository, changes: tuple[FileChange, ...]) -> None:
    """Put `changes` onto disk, each file whole or not at all."""
    top_level = Path(repo.top_level)
    for change in changes:
        if change.data is None:
            remove_file(top_level, change.path)
        else:
            write_file(top_level, change.path, change.data)


def left_behind(
    repo: Repository, files: tuple[Replaced, ...], *, staged: bool
) -> tuple[Replaced, ...]:
    """Those of `files` where a write broke off before they had all of their new contents.

    Index (where the write was to be `staged`) and disk hold old or new contents there. What a
    person has put into a file since is theirs, and the file isn't among them.
    """
    index = {one.path: one.oid for one in tracked_files(repo, paths=[one.path for one in files])}
    found = []
    for one in files:
        entry = index.get(one.path, "") if staged else one.new
        on_disk_new = holds(repo, one.path, one.new)
        if entry == one.new and on_disk_new:
            continue
        if entry in (one.old, one.new) and (on_disk_new or holds(repo, one.path, one.old)):
            found.append(one)
    return tuple(found)


def sweep(repo: Repository, paths: tuple[str, ...] = ()) -> None:
    """Remove the temporary files that killed writes left in the git folder and beside `paths`.

    Only for who has the turn: nobody else is writing then.
    """
    folders = {Path(os.fsdecode(on_disk(repo, path))).parent for path in paths} | {repo.git_dir}
    for folder in folders:
        for place in folder.glob(UNFINISHED.format("*")):
            place.unlink(missing_ok=True)
    for place in repo.git_dir.glob(f"{TEMPORARY}*"):
        shutil.rmtree(place, ignore_errors=True)


def _without_filters(repo: Repository) -> tuple[tuple[str, str], ...]:
    """Variables with which git runs no filter of the repository.

    Whoever writes an index looks once more at files as new as the index itself, through the filter
    that their attributes name. Without it such a file counts as changed until the next look.
    """
    wanted = ("config", "--includes", "-z", "--name-only", "--get-regexp", r"^filter\.")
    keys = split_nul(ask(repo, *wanted, codes=(0, 1)).out)
    names = {key.rpartition(".")[0] for key in keys}
    off = {"clean": "", "process": "", "required": "false"}
    said = [(f"{name}.{key}", value) for name in sorted(names) for key, value in off.items()]
    numbered = [
        (f"GIT_CONFIG_{word}_{at}", one)
        for at, pair in enumerate(said)
        for word, one in zip(("KEY", "VALUE"), pair, strict=True)
    ]
    return (("GIT_CONFIG_COUNT", str(len(said))), *numbered)


def _await_index(repo: Repository) -> None:
    """Wait a moment for the index's lock: an editor that shows the status takes it often."""
    lock = repo.git_dir / "index.lock"
    for _ in range(_LOOKS):
        if not lock.exists():
            return
        time.sleep(_PAUSE)
    raise locked(lock)
