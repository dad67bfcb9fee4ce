"""Two versions side by side: values that `diff` gives. Facts only, nothing is judged."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from promptreg.model.change import Direction
from promptreg.model.data import Json, Route
from promptreg.model.json_diff import Difference
from promptreg.model.version import Version


class Side(StrEnum):
    """Base is the older side, head the newer one."""

    BASE = "base"
    HEAD = "head"


class Status(StrEnum):
    """What became of an entry."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    MOVED = "moved"
    CHANGED = "changed"
    UNCHANGED_CONTENT = "unchanged-content"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Point:
    """What was compared: the selector or revision as asked for, and what it is."""

    asked: str
    label: str
    """`working tree` or `commit 1f2e3d4c5b6a`."""
    commit: str
    """Empty for the working tree."""
    version: Version | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One change of an entry.

    `route` leads to it in the manifest, `path` names the template file where there is one; `role`
    and `locale` tell which message it is about. `details` are the differences within `before` and
    `after` where these are data; a text has none.
    """

    kind: str
    group: str
    direction: Direction
    route: Route
    path: str
    role: str
    locale: str
    before: Json
    after: Json
    details: tuple[Difference, ...] = ()
    effect: str = ""
    """For a schema: whether it accepts less or more, else empty."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one side can't be compared, or not all of it; `line` is 0 where there is none."""

    side: Side
    path: str
    line: int
    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class SpokenPart:
    """A part of a rendered message; `text` is the url or data of an image or a file."""

    type: str
    text: str


@dataclass(frozen=True, slots=True)
class SpokenMessage:
    """A rendered message."""

    role: str
    name: str
    parts: tuple[SpokenPart, ...]


@dataclass(frozen=True, slots=True)
class RenderedSide:
    """What one side renders to, or the sentence that says why it doesn't."""

    messages: tuple[SpokenMessage, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class RenderedTest:
    """A test's inputs rendered on both sides; a side without the prompt is None."""

    test: str
    locale: str
    differs: bool
    base: RenderedSide | None
    head: RenderedSide | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryComparison:
    """Everything that differs between two sides of one entry, a `prompt` or an `agent`.

    `before_name` and `before_path` are the base's where they are others. `files` are those of its
    files that differ in any byte. The versions are known where releases are compared.
    """

    name: str
    kind: str
    status: Status
    path: str
    before_name: str
    before_path: str
    changes: tuple[Fact, ...]
    files: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    rendered: tuple[RenderedTest, ...] = ()
    before_version: Version | None = None
    version: Version | None = None


@dataclass(frozen=True, slots=True)
class OtherFile:
    """A file that differs and belongs to no entry; `note` says more where there is more."""

    path: str
    status: str
    """`added`, `removed` or `changed`."""
    what: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two points side by side; entries by name, other files by path."""

    base: Point
    head: Point
    entries: tuple[EntryComparison, ...]
    other_files: tuple[OtherFile, ...] = ()
    notes: tuple[str, ...] = ()
