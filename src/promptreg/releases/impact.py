"""What a change would reach: values that `impact` gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from promptreg.model.version import Version


@dataclass(frozen=True, slots=True)
class Reach:
    """Something that a change reaches, why, and what is reached through it."""

    kind: str
    """`file`, `template`, `prompt`, `agent`, `experiment` or `environment`."""
    name: str
    """An entry's name, or the path of a template or a file."""
    path: str
    """Its file; empty for an environment."""
    owner: str
    """Who answers for it; empty for a file and an environment."""
    reasons: tuple[str, ...]
    """How it is reached, as ends of sentences; none for what was asked for."""
    version: Version | None
    """What an environment runs, else None."""
    again: bool
    """Whether what it reaches is shown elsewhere in the tree."""
    reaches: tuple[Reach, ...]


@dataclass(frozen=True, slots=True)
class OwnerReached:
    """Somebody to talk to, and about which entries and experiments."""

    name: str
    contact: str
    """Empty where promptreg.yaml says none."""
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """Everything that a change to a file or an entry would reach."""

    tree: str
    """Where it was looked for: `working tree`."""
    subject: Reach
    counts: Mapping[str, int]
    """How many different ones of each kind are reached; kinds without any are left out."""
    owners: tuple[OwnerReached, ...]
    """By name; the owner of the subject itself is one of them."""
    notes: tuple[str, ...]
    """What a reader should know about the answer."""
