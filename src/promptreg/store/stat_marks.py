"""Whether files on disk may have changed, told without reading them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
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


def folder_marks(root: Path, paths: Sequence[str]) -> list[str]:
    """The same for `root` and each folder on the way to `paths`, whatever lies in them.

    Another folder or a link in the place of one is another mark.
    """
    folders = {path.rpartition("/")[0] for path in paths} | {""}
    waiting = list(folders)
    while waiting:
        above = waiting.pop().rpartition("/")[0]
        if above not in folders:
            folders.add(above)
            waiting.append(above)
    start = os.fsencode(root) + b"/"
    found = []
    for folder in sorted(folders):
        try:
            one = os.lstat(start + to_bytes(folder))
            found.append(f"{folder} {one.st_ino} {one.st_dev} {one.st_mode} {one.st_uid}")
        except (OSError, ValueError):
            found.append(f"{folder} is gone")
    return found
