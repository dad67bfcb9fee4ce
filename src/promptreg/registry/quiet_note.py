"""What a note says of a prompt that needn't be judged again, as values and as a line to keep."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, cast

from promptreg.model.data import Json
from promptreg.model.finding import Finding
from promptreg.model.prompt import Lifecycle
from promptreg.model.stored_finding import finding_from_data, finding_to_data


@dataclass(frozen=True, slots=True)
class Outline:
    """What others may ask of a manifest; see Prompt."""

    lifecycle: Lifecycle
    sunset: str
    replaced_by: str
    renamed_from: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a prompt alone, its tests left out."""

    count: int
    """How many findings; 0: nothing."""
    is_within: bool
    """Whether they lie in its manifest."""
    told: Told | None = None
    """The findings themselves, those of its tests included; None where these aren't known."""


@dataclass(frozen=True, slots=True)
class Told:
    """Findings about one prompt alone, as they weigh and with their places."""

    findings: tuple[Finding, ...]
    errors: tuple[str, ...]
    """Where rules found errors, whatever these weigh here."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """What a note says of a prompt: the same as its Entry would."""

    name: str
    path: str
    manifest: Outline
    templates: tuple[str, ...]
    """The paths of its whole closure."""
    resolved: Mapping[str, str]
    wrong: Wrong

    @property
    def kind(self) -> str:
        """Notes are kept of prompts alone."""
        return "Prompt"

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file that it consists of, the manifest first."""
        return (self.path, *self.templates)


@dataclass(frozen=True, slots=True)
class Note:
    """A prompt, and the content of every path that following its templates looked at."""

    quiet: Quiet
    seen: tuple[tuple[str, str], ...]

    def says_no_more_than(self, other: Note | None) -> bool:
        """Whether the other one of the same name says all that this one does."""
        if other is None or other.seen != self.seen:
            return False
        return other == self or self.quiet.wrong.told is None


def line_of(note: Note) -> bytes:
    """The note as bytes without line breaks, of which `note_of` makes an equal one."""
    one, of = note.quiet, note.quiet.manifest
    said = [
        one.name,
        [of.lifecycle.value, of.sunset, of.replaced_by, of.renamed_from],
        note.seen,
        one.templates,
        one.resolved,
        [one.wrong.count, one.wrong.is_within, _told_data(one.wrong.told)],
    ]
    return json.dumps(said, separators=(",", ":")).encode("ascii")


def note_of(path: str, line: bytes) -> Note | None:
    """None for what we don't write."""
    try:
        name, (lifecycle, *outline), seen, templates, resolved, wrong = json.loads(line)
        count, within, told = wrong
        known = None if told is None else _told(told)
        pairs = tuple((one, state) for one, state in seen)
        words = (name, *outline, *templates, *resolved.keys(), *resolved.values(), *chain(*pairs))
        manifest = Outline(Lifecycle(lifecycle), *outline)
    except (AttributeError, TypeError, ValueError, RecursionError):
        return None
    if not all(isinstance(one, str) for one in words) or type(count) is not int:
        return None
    of_one = Wrong(count, within is True, known)
    return Note(Quiet(name, path, manifest, tuple(templates), resolved, of_one), pairs)


def _told_data(told: Told | None) -> Json:
    if told is None:
        return None
    return [cast("Json", [finding_to_data(one) for one in told.findings]), list(told.errors)]


def _told(data: list[Any]) -> Told:
    """Raises TypeError or ValueError for what `_told_data` never made."""
    findings, errors = data
    if not all(isinstance(one, str) for one in errors):
        raise TypeError("paths are wanted")
    return Told(tuple(finding_from_data(one) for one in findings), tuple(errors))
