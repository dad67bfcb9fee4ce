"""The history of an entry: values that `log` gives."""

from __future__ import annotations

from dataclasses import dataclass

from promptreg.model.version import Version


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a history: a commit, a release, or an environment's move."""

    kind: str
    """`commit`, `release` or `move`."""
    commit: str
    date: str
    """ISO 8601; told, never used for the order."""
    by: str
    text: str
    """The commit's subject, the release's message, or why an environment moved."""
    version: Version | None = None
    environment: str = ""
    before: Version | None = None
    problem: str = ""
    suspended: bool = False
    """Of a move: it was taken out for the time being."""


@dataclass(frozen=True, slots=True)
class Log:
    """The history of an entry, newest first; children stand before their parents."""

    name: str
    paths: tuple[str, ...]
    """The files it consists of."""
    events: tuple[Event, ...]
    elsewhere: tuple[Event, ...]
    """Releases and moves whose commits aren't in this branch's history."""
    notes: tuple[str, ...]
