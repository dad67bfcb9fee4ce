"""The cache, for people."""

from __future__ import annotations

from promptreg.reporters.lines import Line, line
from promptreg.store.cache import CacheInfo

_MEGABYTE = 1024 * 1024


def cache_lines(info: CacheInfo, *, cleared: bool = False) -> list[Line]:
    """One line: what there is, or what was deleted."""
    files = "1 file" if info.files == 1 else f"{info.files} files"
    if cleared:
        return [line(f"deleted {files}")]
    limit = _megabytes(info.limit)
    return [line(f"{files}, {_megabytes(info.size)} of at most {limit}, in git's {info.path}")]


def _megabytes(size: int) -> str:
    return f"{-(-size // _MEGABYTE)} MB"
