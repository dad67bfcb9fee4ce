"""Who else may change the files of a repository."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path


def writable_by_anybody(root: Path, paths: Iterable[str]) -> tuple[str, ...]:
    """Those of `paths` (relative to `root`) that every user of the machine may write to.

    A link is none, and a sticky folder, such as `/tmp`, neither. What isn't there is left out.
    """
    return tuple(path for path in paths if _is_open(_mode(root, path)))


def owner_of(path: Path) -> int:
    """The number of the user who owns `path`; ours where the system doesn't say."""
    try:
        return path.lstat().st_uid
    except OSError:
        return os.geteuid()


def _mode(root: Path, path: str) -> int:
    try:
        return os.lstat(os.path.join(os.fsencode(root), os.fsencode(path))).st_mode  # noqa: PTH118 - Path can't hold bytes
    except OSError:
        return 0


def _is_open(mode: int) -> bool:
    if stat.S_ISLNK(mode):
        return False
    return bool(mode & stat.S_IWOTH) and not (stat.S_ISDIR(mode) and mode & stat.S_ISVTX)
