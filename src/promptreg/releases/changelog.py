"""What came with each release: values that `log --changelog` gives."""

from __future__ import annotations

from dataclasses import dataclass

from promptreg.model.version import Bump, Version


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that changed, as the change rules say it."""

    impact: str
    """`breaking`, `additive`, `behavioural` or `docs`."""
    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class ReleaseNotes:
    """What came with a release: since the final one before it, or for a pre-release the one before."""

    version: Version
    tag: str
    commit: str
    date: str
    """ISO 8601; told, never used for the order."""
    by: str
    bump: str
    since: Version | None
    """The release that it is compared with; None for the first."""
    message: str
    """What people said of it, declared reasons for breaking changes included."""
    notes: tuple[Note, ...]
    problem: str = ""
    """Why the release can't be trusted or compared; then nothing is told of it."""


@dataclass(frozen=True, slots=True)
class NextNotes:
    """What HEAD holds since the newest final release, and what its own would be."""

    version: Version
    """The least that the changes allow."""
    bump: str
    required: Bump
    """What the changes need, whatever the version is."""
    since: Version | None
    message: str
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class EntryNotes:
    """The changelog of an entry, newest release first."""

    name: str
    kind: str
    """`prompt` or `agent`; empty for an entry that is gone."""
    unreleased: NextNotes | None
    releases: tuple[ReleaseNotes, ...]


@dataclass(frozen=True, slots=True)
class Changelog:
    """The changelogs of entries, by name."""

    entries: tuple[EntryNotes, ...]
    notes: tuple[str, ...] = ()
    """What is left out, and why."""
