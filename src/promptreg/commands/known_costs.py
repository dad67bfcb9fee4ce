"""What changes since a release cost, as earlier runs found, kept in the repository's cache."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import cache
from hashlib import sha256
from typing import Any

from promptreg.commands.between_runs import between_runs
from promptreg.commands.cost import cost_of
from promptreg.commands.known_digests import KnownDigests
from promptreg.model.change import Change
from promptreg.model.entry import Entry
from promptreg.model.version import Bump
from promptreg.registry.workspace import Workspace
from promptreg.releases.releasing import Cost
from promptreg.releases.tag import Release


class KnownCosts:
    """Costs that were kept, and those that are new.

    A cost hangs on the tag's object, which fixes what was released, and on all that the entry
    holds: its digest alone takes `1` and `1.0`, and another order of keys, for the same. `read`
    gives what was kept, by name, and is asked once, when a cost is wanted first.
    """

    def __init__(
        self, read: Callable[[], Mapping[str, bytes]], digests: KnownDigests | None = None
    ) -> None:
        self._read: Callable[[], Mapping[str, bytes]] = cache(read)
        self._digests = digests or KnownDigests(dict)
        self.used: set[str] = set()
        """The names of all that was asked for and is kept."""
        self.news: dict[str, bytes] = {}
        """What wasn't kept, as lines."""
        self.is_unsure = False
        """Whether git failed while a release was compared: that says nothing about the release."""

    def digest(self, entry: Entry) -> str:
        """The entry's digest."""
        return self._digests.digest(entry)

    def cost(self, base: Release, head: Entry, changes: Callable[[], tuple[Change, ...]]) -> Cost:
        """What `changes` from `base` to `head` cost; they are asked for where that isn't known."""
        name = _name(base, self._digests.content(head))
        found = _cost(self._read().get(name))
        if found is not None:
            self.used.add(name)
            return found
        made = cost_of(changes())
        self.news[name] = _line(made)
        return made

    def doubt(self) -> None:
        """Git failed while a release was compared."""
        self.is_unsure = True


def known_costs(
    workspace: Workspace, digests: KnownDigests, *, cached: bool
) -> AbstractContextManager[KnownCosts]:
    """Costs of earlier runs; see `between_runs`."""

    def make(read: Callable[[], Mapping[str, bytes]]) -> KnownCosts:
        return KnownCosts(read, digests)

    return between_runs(workspace, "costs", make, cached=cached)


def _name(base: Release, content: str) -> str:
    words = (base.tag_object, base.tag, base.commit, base.digest, content)
    return sha256("\n".join(words).encode("ascii")).hexdigest()


def _line(cost: Cost) -> bytes:
    return json.dumps([cost.bump.word, *cost.reasons], separators=(",", ":")).encode("ascii")


def _cost(line: bytes | None) -> Cost | None:
    """None for what isn't there, and for what we don't write."""
    try:
        data: Any = None if line is None else json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, list) or not data or not all(isinstance(one, str) for one in data):
        return None
    bump = next((one for one in Bump if one.word == data[0]), None)
    return None if bump is None else Cost(bump, tuple(data[1:]))
