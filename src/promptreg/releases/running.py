"""What runs where: values that `status` gives."""

from __future__ import annotations

from dataclasses import dataclass

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
class Stage:
    """An environment and what runs in it, by name."""

    name: str
    after: str
    running: tuple[Running, ...]
    problem: str = ""
    """Why its file can't be read; what runs there isn't known then."""


@dataclass(frozen=True, slots=True)
class Status:
    """What runs where, as the environments' branch says at `commit`."""

    at: str
    """The moment that was asked for; empty for now."""
    branch: str
    commit: str
    environments: tuple[Stage, ...]
    unreleased: Unreleased | None
    """What HEAD holds that isn't released; None for a moment of the past or one environment."""
    notes: tuple[str, ...]
