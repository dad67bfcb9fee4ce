"""The commit that turned a prompt bad: values that `bisect` gives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from promptreg.model.version import Version
from promptreg.releases.comparison import Fact, Point


class Verdict(StrEnum):
    """What the judge said of a commit; `skip` where it couldn't, or couldn't be asked."""

    GOOD = "good"
    BAD = "bad"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Suspect:
    """A commit that touched what the prompt reaches."""

    commit: str
    date: str
    by: str
    subject: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A commit that was judged, and why it was skipped where it was."""

    commit: str
    subject: str
    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class Culprit:
    """The first bad commit, and what it did to the prompt."""

    commit: str
    date: str
    by: str
    subject: str
    message: str
    releases: tuple[Version, ...]
    """Those that hold it, lowest first."""
    compared_with: str
    """The commit whose version of the prompt the facts count from."""
    changes: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Bisection:
    """Which commit turned good to bad, among those that touched what the prompt reaches."""

    name: str
    good: Point
    bad: Point
    paths: tuple[str, ...]
    """The files that counted, as paths in the registry."""
    candidates: tuple[Suspect, ...]
    """Newest first, children before their parents."""
    steps: int
    """About how many of them have to be judged."""
    judged: tuple[Judged, ...]
    """In their order; good and bad themselves come first. None in a dry run."""
    first_bad: Culprit | None
    """None in a dry run, and where skipped commits leave more than one suspect."""
    suspects: tuple[Suspect, ...]
    """Where it stays open: the commits one of which is the first bad one."""
    notes: tuple[str, ...]
