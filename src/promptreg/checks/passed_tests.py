"""Which prompts passed their tests before, named by all that their tests could see."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256

from promptreg.checks.testing import Bench
from promptreg.model.entry import Entry
from promptreg.releases.other_files import named_by
from promptreg.store.paths import path_problem

MOST = 40_000
"""Passes that are remembered; those of the latest run come first."""


class PassedTests:
    """Passes of earlier runs, and those of this one. Failures are never remembered."""

    def __init__(self, before: Iterable[str] = ()) -> None:
        self._before = dict.fromkeys(before)
        self._now: dict[str, None] = {}

    def has(self, key: str) -> bool:
        """Whether the entry named by `key` (see `key_of_tests`) passed all its tests."""
        if key in self._before:
            self._now.setdefault(key)
        return key in self._now

    def add(self, key: str) -> None:
        """Remember that it did."""
        self._now.setdefault(key)

    @property
    def has_news(self) -> bool:
        """Whether this run added any."""
        return not self._now.keys() <= self._before.keys()

    def latest(self) -> list[str]:
        """At most MOST of them, those of this run first."""
        return list(dict.fromkeys((*self._now, *self._before)))[:MOST]


def key_of_tests(entry: Entry, bench: Bench) -> str:
    """Names the entry's manifest, templates, their places, and the snapshots that tests read.

    Keys keep their order: a template that goes through an object renders it in that order.
    """
    wanted = sorted(path for path in named_by(entry) if not path_problem(path))
    seen = (
        *(entry.path, entry.kind, entry.data, dict(entry.templates), dict(entry.resolved)),
        *(bench.roots, [(path, bench.read(path)) for path in wanted]),
    )
    return sha256(json.dumps(seen).encode("ascii")).hexdigest()[:40]
