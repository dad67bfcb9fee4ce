"""Change rules: what a kind of change costs, as records that tests and pages are made of.

A fact has no opinion; a rule gives it an impact and so a bump. The impact is the least: a rule that
can't decide says breaking.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from promptreg.checks.example import Example
from promptreg.checks.rule import Description
from promptreg.model.change import KINDS, Direction
from promptreg.model.data import Json, Route, format_route
from promptreg.model.finding import Severity
from promptreg.model.version import Bump

_MOST = 60


class Impact(StrEnum):
    """What a change means for those who use the entry."""

    BREAKING = "breaking"
    ADDITIVE = "additive"
    BEHAVIOURAL = "behavioural"
    DOCS = "docs"

    @property
    def bump(self) -> Bump:
        """The least bump that covers it, from 1.0.0 on."""
        return _BUMPS[self]

    @property
    def severity(self) -> Severity:
        """How much a finding of it weighs, unless it was declared."""
        return Severity.ERROR if self is Impact.BREAKING else Severity.INFO


_BUMPS = {
    Impact.BREAKING: Bump.MAJOR,
    Impact.ADDITIVE: Bump.MINOR,
    Impact.BEHAVIOURAL: Bump.MINOR,
    Impact.DOCS: Bump.PATCH,
}


class Factual(Protocol):
    """A fact, as `compare` makes it or as `diff` shows it."""

    @property
    def kind(self) -> str:
        """A name of `model.change.KINDS`."""

    @property
    def route(self) -> Route:
        """Where it is in the manifest."""

    @property
    def path(self) -> str:
        """The template's file, where it is about one."""

    @property
    def before(self) -> Json:
        """The value in the base."""

    @property
    def after(self) -> Json:
        """The value in the head."""

    @property
    def effect(self) -> str:
        """For a schema: whether it accepts less or more, else empty."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A small registry before and after a change: the rule's test, and its page."""

    old: Example
    new: Example


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """What some kinds of change cost.

    `line` is the sentence for one result; `{what}`, `{before}` and `{after}` stand for the route
    below the part of the contract, and the values. `effects` narrows the rule to facts of a schema
    with one of these effects. Of two rules for one fact the one with fewer kinds wins.
    """

    id: str
    kinds: tuple[str, ...]
    impact: Impact
    headline: str
    line: str
    hits: str
    """Who notices it, and how."""
    compatible: str
    """How to make it compatible, or what to do instead."""
    pairs: tuple[Pair, ...]
    effects: frozenset[str] = frozenset()
    since: str = "0.1"

    def description(self) -> Description:
        """What people read about its findings."""
        return Description(
            id=self.id,
            severity=self.impact.severity,
            since=self.since,
            summary=f"{self.headline[:1].upper()}{self.headline[1:]}.",
            why=f"{self.hits} The change is {self.impact}.",
            fix=f"{self.compatible[:1].upper()}{self.compatible[1:]}.",
        )

    @property
    def direction(self) -> Direction:
        """Who notices the change."""
        return KINDS[self.kinds[0]].direction

    def judges(self, change: Factual) -> bool:
        """Whether the rule is about a fact."""
        return change.kind in self.kinds and (not self.effects or change.effect in self.effects)

    def message(self, change: Factual) -> str:
        """The sentence for one fact."""
        return self.line.format(
            what=subject(change), before=_shown(change.before), after=_shown(change.after)
        )


def subject(change: Factual) -> str:
    """What a fact is about, as people call it: `tier`, `queue.priority`, `partials/tone.j2`."""
    if change.path and not change.route:
        return f"`{change.path}`"
    route = tuple(step for step in change.route if step not in {"properties", "schema"})
    named = route[1:] if len(route) > 1 else route
    return f"`{format_route(named)}`"


def _shown(value: Json) -> str:
    if isinstance(value, str):
        text = value
    elif isinstance(value, (dict, list)):
        text = json.dumps(value, ensure_ascii=False)
    elif value is None:
        return "nothing"
    else:
        text = json.dumps(value)
    flat = " ".join(text.split())
    return f"`{flat[:_MOST]}…`" if len(flat) > _MOST else f"`{flat}`"
