"""What runs where: values that `status` gives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from promptreg.model.version import Version
from promptreg.releases.unreleased import Unreleased


@dataclass(frozen=True, slots=True)
class Running:
    """A release that runs in an environment, and the commit that put it there."""

    name: str
    version: Version
    digest: str
    since: str
    """ISO 8601 with the committer's zone."""
    by: str
    reason: str
    commit: str
    before: Version | None
    """What ran before it."""
    problem: str
    """Why the pointer can't be followed; empty where it can."""


@dataclass(frozen=True, slots=True)
class Held:
    """Why nothing may be promoted to an environment, and the commit that says so."""

    reason: str
    since: str
    """ISO 8601 with the committer's zone."""
    by: str
    commit: str


@dataclass(frozen=True, slots=True)
class Suspended:
    """A release that was taken out of an environment for the time being."""

    name: str
    version: Version
    digest: str
    reason: str
    since: str
    """ISO 8601; empty, like `by` and `commit`, where it never ran."""
    by: str
    commit: str


@dataclass(frozen=True, slots=True)
class Stage:
    """An environment and what runs in it, by name."""

    name: str
    after: str
    running: tuple[Running, ...]
    problem: str = ""
    """Why its file can't be read; what runs there isn't known then."""
    frozen: Held | None = None
    suspended: tuple[Suspended, ...] = ()
    """By name."""


class Drift(StrEnum):
    """How an environment stands to what comes before it.

    That is the environment that it comes `after:`, for a first one the newest release.
    """

    LEVEL = "level"
    BEHIND = "behind"
    AHEAD = "ahead"
    ABSENT = "absent"
    """The entry runs before it and not here."""
    ALONE = "alone"
    """The entry runs here and not before it."""
    SUSPENDED = "suspended"
    """The entry was taken out of the environment for the time being."""
    UNKNOWN = "unknown"
    """The environment, or the one before it, can't be read."""
    NONE = "none"
    """There is nothing to stand to: neither runs it, or the newest release of then isn't known."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """An entry in an environment."""

    environment: str
    version: Version | None
    """None where it doesn't run, or it isn't known what does."""
    drift: Drift
    releases: int
    """How many releases lie between, the farther one included; 0 unless behind or ahead."""


@dataclass(frozen=True, slots=True)
class Row:
    """An entry: from what isn't released yet to what runs in the last environment."""

    name: str
    next: Version | None
    """What its next release would be; None where nothing changed, or where that wasn't asked."""
    newest: Version | None
    """The highest release that is no pre-release; None for a moment of the past, or without one."""
    environments: tuple[Crossing, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """What runs where, as the environments' branch says at `commit`."""

    at: str
    """The moment that was asked for; empty for now."""
    branch: str
    commit: str
    environments: tuple[Stage, ...]
    matrix: tuple[Row, ...]
    """Entries by environments; empty where only one environment was asked for."""
    unreleased: Unreleased | None
    """What HEAD holds that isn't released; None for a moment of the past or one environment."""
    notes: tuple[str, ...]
