"""Digests of entries, as earlier runs reckoned them, kept in the repository's cache."""

from __future__ import annotations

import json
import marshal
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import cache
from hashlib import sha256

from promptreg.commands.between_runs import between_runs
from promptreg.model.entry import Entry
from promptreg.registry.workspace import Workspace

_DIGEST = re.compile(rb"sha256:[0-9a-f]{64}")
_FORMAT = 2
"""Of marshal: the last one that writes equal values alike, wherever else they are referred to."""


class KnownDigests:
    """Digests that were kept, and those that are new, by all that an entry holds.

    Canonical JSON, which a digest is over, takes seven times as long to write as what names it here.
    `read` gives what was kept, by name, and is asked once, when a digest is wanted first.
    """

    def __init__(self, read: Callable[[], Mapping[str, bytes]]) -> None:
        self._read: Callable[[], Mapping[str, bytes]] = cache(read)
        self._last: tuple[Entry, str] | None = None
        self.used: set[str] = set()
        """The names of all that was asked for and is kept."""
        self.news: dict[str, bytes] = {}
        """What wasn't kept, as lines."""

    def content(self, entry: Entry) -> str:
        """Names all that the entry holds: other keys, another order of them, `1` or `1.0`."""
        if self._last is None or self._last[0] is not entry:
            self._last = entry, sha256(_written(entry)).hexdigest()
        return self._last[1]

    def digest(self, entry: Entry) -> str:
        """The entry's digest."""
        name = self.content(entry)
        kept = self._read().get(name, b"")
        if _DIGEST.fullmatch(kept):
            self.used.add(name)
            return kept.decode("ascii")
        digest = entry.digest()
        self.news[name] = digest.encode("ascii")
        return digest


def known_digests(workspace: Workspace, *, cached: bool) -> AbstractContextManager[KnownDigests]:
    """Digests of earlier runs; see `between_runs`."""
    return between_runs(workspace, "digests", KnownDigests, cached=cached)


def _written(entry: Entry) -> bytes:
    held = (entry.path, entry.kind, entry.data, dict(entry.templates), dict(entry.resolved))
    try:
        return marshal.dumps(held, _FORMAT)
    except ValueError:  # what is nested deeper than marshal goes
        return json.dumps(held).encode("ascii")
