"""Many small values in the cache, by name: a large file, and a small one for what came since.

A run that adds little writes little; when the small file has grown, both become one.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain

from promptreg.store.cache import Cache

MOST_BYTES = 128 * 1024 * 1024
"""Of all lines in one file, as they are in memory."""

_NAME = 64
_FEW = 256
_SHARE = 8
"""The small file has at most this part of what the large one has, or a few."""


@dataclass(frozen=True, slots=True)
class Added:
    """What a run adds: the names of what it `used`, those that are new, and how to write those."""

    used: Set[str]
    names: Set[str]
    line_of: Callable[[str], bytes]


class KeptLines:
    """Lines of bytes without line breaks, each named by 64 ASCII characters.

    Those that another `version` wrote count as not there. `topic` tells collections apart.
    """

    def __init__(self, cache: Cache, topic: str, version: str) -> None:
        self._cache = cache
        self._version = version.encode("utf-8") + b"\n"
        self._places = [
            sha256(f"{topic}\0{part}".encode("utf-8", "surrogateescape")).hexdigest()
            for part in ("all", "new")
        ]
        self._large: dict[str, bytes] = {}
        self._small: dict[str, bytes] = {}

    def read(self) -> Mapping[str, bytes]:
        """Every line there is."""
        self._large, self._small = map(self._lines, self._places)
        return {**self._large, **self._small} if self._small else self._large

    def add(self, added: Added) -> None:
        """Keep what a run adds; of what it didn't use as much again, the newest, stays."""
        if not added.names:
            self._cache.touch(self._places[0])
            return
        new = ((name, added.line_of(name)) for name in sorted(added.names))
        count = len(self._small) + len(added.names)
        if count <= max(_FEW, len(self._large) // _SHARE) and self._large:
            self._write(self._places[1], chain(self._small.items(), new))
            self._cache.touch(self._places[0])
            return
        self._write(self._places[0], chain(new, self._stays(added.used)))
        if self._small:
            self._write(self._places[1], iter(()))

    def _stays(self, used: Set[str]) -> Iterator[tuple[str, bytes]]:
        known = {**self._small, **self._large}
        rest = sum(len(known[name]) for name in used if name in known)
        yield from ((name, line) for name, line in known.items() if name in used)
        for name, line in known.items():
            rest -= len(line)
            if name not in used and rest >= 0:
                yield name, line

    def _lines(self, place: str) -> dict[str, bytes]:
        body = self._cache.get_bytes(place)
        if body is None or not body.startswith(self._version):
            return {}
        unpacker = zlib.decompressobj()
        try:
            lines = unpacker.decompress(body[len(self._version) :], MOST_BYTES + 1).split(b"\n")
        except zlib.error:
            return {}
        if not unpacker.eof:
            return {}
        return {str(line[:_NAME], "latin-1"): line[_NAME:] for line in lines if line}

    def _write(self, place: str, lines: Iterator[tuple[str, bytes]]) -> None:
        packer = zlib.compressobj(level=1)
        parts = [self._version]
        size = 0
        for name, line in lines:
            size += _NAME + len(line) + 1
            if size > MOST_BYTES:
                break
            parts.append(packer.compress(name.encode("ascii") + line + b"\n"))
        parts.append(packer.flush())
        self._cache.put_bytes(place, b"".join(parts))
