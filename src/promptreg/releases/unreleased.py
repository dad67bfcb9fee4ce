"""What isn't released yet: values that `status` gives."""

from __future__ import annotations

from dataclasses import dataclass

from promptreg.model.version import Bump, Version


@dataclass(frozen=True, slots=True)
class UnreleasedEntry:
    """An entry that changed since its newest release, and what its next one would be."""

    name: str
    kind: str
    """`prompt` or `agent`."""
    since: Version
    """The newest release."""
    bump: str
    """Which number of the version its changes move; before 1.0.0 a breaking one moves the minor."""
    required: Bump
    """What its changes need, whatever the version is."""
    next: Version
    reasons: tuple[str, ...]
    """Why, a sentence each, the costliest first."""


@dataclass(frozen=True, slots=True)
class Unreleased:
    """What `release --changed` would release of a commit, and what was never released."""

    commit: str
    entries: tuple[UnreleasedEntry, ...]
    """Sorted by name."""
    never_released: tuple[str, ...]
    """Names of entries without any release; retired ones don't count."""
    runs_nowhere: tuple[str, ...]
    """Names of entries that were released and run in no environment; retired ones don't count."""
    notes: tuple[str, ...]
    """What is left out, and why."""
