"""What a reporter is told beside the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from promptreg.model.finding import Severity

if TYPE_CHECKING:
    from promptreg.checks.rule import Description


@dataclass(frozen=True, slots=True)
class Block:
    """More about an entry, for people: facts as a list, a diff, or text as it stands.

    The lines are data: whatever shows them keeps them from being anything else.
    """

    title: str
    lines: tuple[str, ...]
    form: Literal["list", "diff", "text"] = "list"


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """The same for every format; a format that has no use for a part ignores it."""

    fail_on: Severity = Severity.ERROR
    prefix: str = ""
    """The registry's root in its repository, with a final slash, or nothing: CI services want
    paths that are relative to the repository."""
    root_name: str = ""
    """What tells this registry from others of the repository, for titles."""
    descriptions: Mapping[str, Description] = field(default_factory=dict)
    """What each rule means, by id."""
    extra: Mapping[str, tuple[Block, ...]] = field(default_factory=dict)
    """More to show, by entry; these entries are shown even where they have no findings."""
