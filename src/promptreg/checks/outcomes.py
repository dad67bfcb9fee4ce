"""What the tests of prompts found before, named by all that the tests could see."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from itertools import islice
from types import MappingProxyType

from promptreg.checks.testing import Bench
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding
from promptreg.registry.named_files import files_named
from promptreg.store.paths import path_problem

MOST = 40_000
"""Outcomes that are remembered; those of the latest run come first."""


class Outcomes:
    """Outcomes of earlier runs, and those of this one; a prompt that passed has no findings.

    What the worker gave up on is no outcome: another run may tell another one.
    """

    def __init__(self, before: Mapping[str, tuple[Finding, ...]] = MappingProxyType({})) -> None:
        self._before = before
        self._now: dict[str, tuple[Finding, ...]] = {}

    def get(self, key: str) -> tuple[Finding, ...] | None:
        """What the tests of the entry named by `key` (see `key_of_tests`) found, or None."""
        if key in self._before:
            self._now.setdefault(key, self._before[key])
        return self._now.get(key)

    def add(self, key: str, findings: tuple[Finding, ...]) -> None:
        """Remember what they found."""
        self._now.setdefault(key, findings)

    @property
    def has_news(self) -> bool:
        """Whether this run added any."""
        return not self._now.keys() <= self._before.keys()

    def latest(self) -> dict[str, tuple[Finding, ...]]:
        """At most MOST of them, those of this run first."""
        return dict(islice({**self._now, **self._before}.items(), MOST))


def key_of_tests(entry: Entry, bench: Bench) -> str:
    """Names the entry's manifest, templates, their places, and the snapshots that tests read.

    Keys keep their order: a template that goes through an object renders it in that order.
    """
    wanted = sorted(
        path for path in files_named(entry.path, entry.manifest) if not path_problem(path)
    )
    seen = (
        *(entry.path, entry.kind, entry.data, dict(entry.templates), dict(entry.resolved)),
        *(bench.roots, [(path, bench.read(path)) for path in wanted]),
    )
    return sha256(json.dumps(seen).encode("ascii")).hexdigest()[:40]
