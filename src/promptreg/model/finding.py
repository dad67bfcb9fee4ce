"""Findings: a rule's answer at a place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256

from promptreg.model.data import Route, format_route


class Severity(IntEnum):
    """How much a finding weighs; higher is worse."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        """The lower-case word used in text, options and JSON."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a text; line and column count characters from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Location:
    """Where a finding points.

    A rule gives `path` and `route`; `inside` is a position within the text that stands at `route`
    (an inline template). Lines come last: `place` is filled in when reporting, or at once by
    readers that know nothing but positions. `note` says why a related place is there.
    """

    path: str
    route: Route = ()
    place: Place | None = None
    inside: Place | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer of one rule.

    `entry` is the prompt or agent it is about (empty for a file), `key` what tells it from other
    findings of the same rule at the same route, `fix` how to mend it.
    """

    rule: str
    severity: Severity
    message: str
    at: Location
    entry: str = ""
    key: str = ""
    fix: str = ""
    related: tuple[Location, ...] = ()

    @property
    def fingerprint(self) -> str:
        """16 hex digits that survive rewording and moved lines."""
        parts = (self.rule, self.entry or self.at.path, format_route(self.at.route), self.key)
        joined = "\0".join(parts).encode("utf-8", "surrogateescape")
        return sha256(joined).hexdigest()[:16]
