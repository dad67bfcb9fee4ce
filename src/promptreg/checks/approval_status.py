"""Who approved some content and what it still needs: values that `approvals` gives."""

from __future__ import annotations

from dataclasses import dataclass

from promptreg.checks.gates import Unmet
from promptreg.model.version import Version


@dataclass(frozen=True, slots=True)
class Given:
    """An approval; `reason` says why it doesn't count, and is empty where it does."""

    path: str
    name: str
    email: str
    team: str
    at: str
    digest: str
    note: str
    signed: str
    """`no`, `verified`, `unverified` or `wrong`."""
    counts: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Need:
    """What an environment asks for, and what is missing there."""

    environment: str
    count: int
    teams: tuple[str, ...]
    signed: bool
    given: tuple[str, ...]
    """Whose approvals count there."""
    left_out: tuple[str, ...]
    """Approvals that count elsewhere and not there, a sentence each."""
    missing: tuple[Unmet, ...]
    """Every gate that isn't open; of content that isn't released only approvals are judged."""


@dataclass(frozen=True, slots=True)
class Approvals:
    """Who approved some content of an entry, and what it still needs."""

    name: str
    version: Version | None
    """None where the content isn't released."""
    digest: str
    risk: str
    authors: tuple[str, ...]
    """Whose change it is: their approvals don't count."""
    approvals: tuple[Given, ...]
    environments: tuple[Need, ...]
