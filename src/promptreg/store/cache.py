"""What earlier runs found out, kept below git's own folder; anybody may throw it away at any time.

A file that isn't whole, isn't ours or isn't of this version counts as not there. Nothing here ever
raises for what is wrong with the cache: a run without one is only slower.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = "promptreg/cache"
"""Below git's common folder."""
MOST_FILES = 32
MOST_BYTES = 128 * 1024 * 1024
"""Of all files together; a quarter of it for one."""

_HEAD = b"promptreg cache 2\n"
_DIGEST = hashlib.sha256().digest_size
_NAME = re.compile(r"[0-9a-f]{64}\Z")
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_OLD = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WITHIN = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class CacheInfo:
    """What the cache holds, in bytes; `path` is relative to git's common folder."""

    path: str
    files: int
    size: int
    limit: int
    """What all files together may have."""


@dataclass(frozen=True, slots=True)
class Cache:
    """The cache in `git_folder`, git's folder that all working trees share.

    Values are JSON. Readers and writers take no locks: a write replaces a whole file, and of two at
    once the later one stays.
    """

    git_folder: Path

    def get(self, name: str) -> dict[str, Any] | None:
        """What was put under `name` (64 hex digits), or None."""
        body = self.get_bytes(name)
        if body is None:
            return None
        try:
            value = json.loads(body)
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, dict) else None

    def put(self, name: str, value: dict[str, Any]) -> None:
        """Keep `value` under `name`, if that is possible; the oldest give way."""
        self.put_bytes(name, json.dumps(value, separators=(",", ":")).encode("ascii"))

    def get_bytes(self, name: str) -> bytes | None:
        """What was put under `name` by `put_bytes`, or None."""
        with self._opened(make=False) as folder:
            return None if folder is None else _read(folder, name)

    def put_bytes(self, name: str, body: bytes) -> None:
        """Keep `body` under `name`, if that is possible; the oldest give way."""
        if len(body) > MOST_BYTES // 4:
            return
        with self._opened(make=True) as folder:
            if folder is not None:
                _write(folder, name, body)
                _evict(folder)

    def touch(self, name: str) -> None:
        """Count what is under `name` among the newest."""
        with self._opened(make=False) as folder, contextlib.suppress(OSError):
            if folder is not None:
                os.utime(name, dir_fd=folder, follow_symlinks=False)

    def clock(self) -> int | None:
        """The time of the file system, in ns; None where nothing can be written."""
        with self._opened(make=True) as folder:
            if folder is None:
                return None
            with contextlib.suppress(OSError):
                name = _temporary()
                file = os.open(name, _NEW, 0o600, dir_fd=folder)
                try:
                    return os.fstat(file).st_mtime_ns
                finally:
                    os.close(file)
                    os.unlink(name, dir_fd=folder)
        return None

    def info(self) -> CacheInfo:
        """How many files there are and their bytes."""
        with self._opened(make=False) as folder:
            found = [] if folder is None else _listed(folder)
        return CacheInfo(FOLDER, len(found), sum(size for _, size, _ in found), MOST_BYTES)

    def clear(self) -> CacheInfo:
        """Delete every file; what there was."""
        before = self.info()
        with self._opened(make=False) as folder:
            for name, _, _ in [] if folder is None else _listed(folder):
                _remove(name, folder)
        return before

    @contextlib.contextmanager
    def _opened(self, *, make: bool) -> Iterator[int | None]:
        """The folder's descriptor; None where there is none that only its owner may write to."""
        folder = _open(self.git_folder, make=make)
        try:
            yield folder
        finally:
            if folder is not None:
                os.close(folder)


def _open(git_folder: Path, *, make: bool) -> int | None:
    try:
        here = os.open(git_folder, _WITHIN & ~os.O_NOFOLLOW)
    except OSError:
        return None
    for part in FOLDER.split("/"):
        above = here
        try:
            if make:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(part, 0o700, dir_fd=above)
            here = os.open(part, _WITHIN, dir_fd=above)
        except OSError:
            return None
        finally:
            os.close(above)
        if not _is_own(os.fstat(here)):
            os.close(here)
            return None
    return here


def _is_own(found: os.stat_result) -> bool:
    return found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _read(folder: int, name: str) -> bytes | None:
    try:
        file = os.open(name, _OLD, dir_fd=folder)
    except OSError:
        return None
    try:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode) or not _is_own(found) or found.st_size > MOST_BYTES:
            return None
        with os.fdopen(file, "rb", closefd=False) as stream:
            data = stream.read(found.st_size + 1)
    except OSError:
        return None
    finally:
        os.close(file)
    body = data[len(_HEAD) + _DIGEST :]
    return body if data[: len(_HEAD) + _DIGEST] == _head(found, body) else None


def _head(place: os.stat_result, body: bytes) -> bytes:
    """What a file begins with. It names the file by its number, which no copy has.

    So a cache that came with a repository, in an archive or restored by CI, counts as not there.
    """
    digest = hashlib.sha256(f"{place.st_ino}\n".encode())
    digest.update(body)
    return _HEAD + digest.digest()


def _write(folder: int, name: str, body: bytes) -> None:
    temporary = _temporary()
    try:
        file = os.open(temporary, _NEW, 0o600, dir_fd=folder)
    except OSError:
        return
    try:
        # No fsync: the digest tells a file that a crash has cut off.
        with os.fdopen(file, "wb") as stream:
            stream.write(_head(os.fstat(stream.fileno()), body))
            stream.write(body)
        os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        _remove(temporary, folder)
    except BaseException:
        _remove(temporary, folder)
        raise


def _evict(folder: int) -> None:
    """Keep the newest files within the bounds; what an interrupted run left goes with the oldest."""
    size = 0
    for count, (name, bytes_, _) in enumerate(sorted(_listed(folder), key=lambda one: -one[2])):
        size += bytes_
        if count >= MOST_FILES or size > MOST_BYTES:
            _remove(name, folder)


def _listed(folder: int) -> list[tuple[str, int, int]]:
    """Name, size and age of every file that is ours."""
    found = []
    with contextlib.suppress(OSError):
        for name in os.listdir(folder):
            if _NAME.match(name) or name.endswith(".tmp"):
                with contextlib.suppress(OSError):
                    one = os.stat(name, dir_fd=folder, follow_symlinks=False)
                    found.append((name, one.st_size, one.st_mtime_ns))
    return found


def _temporary() -> str:
    return f"{secrets.token_hex(8)}.tmp"


def _remove(name: str, folder: int | None) -> None:
    with contextlib.suppress(OSError):
        os.unlink(name, dir_fd=folder)
