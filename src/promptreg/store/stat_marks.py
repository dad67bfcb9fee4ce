"""Whether files on disk may have changed, told without reading them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from promptreg.store.git.wire import to_bytes

_GRAIN = 2_000_000_000
"""File systems tell times in steps of up to two seconds (in ns)."""


def marks(root: Path, paths: Iterable[str], *, before: int | None = None) -> list[str]:
    """For each file below `root` what its system says of it; empty where that is no proof.

    Two that are equal and not empty mean the same bytes. The change time decides, which no program
    can set. A file that changed less than two seconds before `before` (a file system's time in ns)
    could change again within the same step of its clock, so that its mark proves nothing.
    """
    folder = os.fsencode(root) + b"/"
    limit = None if before is None else before - _GRAIN
    lstat = os.lstat
    found = []
    for path in paths:
        try:
            one = lstat(folder + to_bytes(path))
        except (OSError, ValueError):
            found.append("")
            continue
        changed = one.st_ctime_ns
        found.append(
            f"{changed} {one.st_mtime_ns} {one.st_size} {one.st_ino} {one.st_dev} {one.st_mode}"
            if limit is None or changed < limit
            else ""
        )
    return found


def folders_of(paths: Iterable[str]) -> list[str]:
    """The folders that `paths` lie in, sorted: from the root (empty) down to each of them."""
    folders = {path.rpartition("/")[0] for path in paths} | {""}
    waiting = list(folders)
    while waiting:
        above = waiting.pop().rpartition("/")[0]
        if above not in folders:
            folders.add(above)
            waiting.append(above)
    return sorted(folders)


def folder_marks(root: Path, folders: Iterable[str]) -> list[str]:
    """The same for each of `folders` itself, whatever lies in it.

    Another folder, or a link, in the place of one is another mark.
    """
    start = os.fsencode(root) + b"/"
    found = []
    for folder in folders:
        try:
            one = os.lstat(start + to_bytes(folder))
            found.append(f"{one.st_ino} {one.st_dev} {one.st_mode} {one.st_uid}")
        except (OSError, ValueError):
            found.append("gone")
    return found
