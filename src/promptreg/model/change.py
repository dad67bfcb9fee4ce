"""Changes: facts between two sides of an entry, and what each kind of fact costs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from promptreg.model.data import Json, Route
from promptreg.model.version import Bump


class Direction(StrEnum):
    """Who notices a change."""

    INPUT = "input"
    OUTPUT = "output"
    BEHAVIOUR = "behaviour"
    DOCUMENTATION = "documentation"


class Impact(StrEnum):
    """What a change means for those who use the entry."""

    BREAKING = "breaking"
    ADDITIVE = "additive"
    BEHAVIOURAL = "behavioural"
    DOCS = "docs"


BUMP = {
    Impact.BREAKING: Bump.MAJOR,
    Impact.ADDITIVE: Bump.MINOR,
    Impact.BEHAVIOURAL: Bump.MINOR,
    Impact.DOCS: Bump.PATCH,
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fact: where it is shown, who notices, and what it means at the least."""

    name: str
    group: str
    direction: Direction
    impact: Impact
    headline: str


_IN, _OUT, _BEHAVIOUR, _DOCS = Direction
_BREAKS, _ADDS, _BEHAVES, _TELLS = Impact

KINDS = {
    kind.name: kind
    for kind in (
        Kind("entry-added", "entry", _DOCS, _ADDS, "the entry is new"),
        Kind("entry-removed", "entry", _OUT, _BREAKS, "the entry is gone"),
        Kind("kind-changed", "entry", _OUT, _BREAKS, "a prompt became an agent, or the reverse"),
        Kind("entry-moved", "entry", _DOCS, _TELLS, "the manifest moved to another file"),
        Kind("input-added", "inputs", _IN, _ADDS, "an optional input was added"),
        Kind("required-input-added", "inputs", _IN, _BREAKS, "a required input was added"),
        Kind("input-removed", "inputs", _IN, _BREAKS, "an input was removed"),
        Kind("input-became-required", "inputs", _IN, _BREAKS, "an input became required"),
        Kind("input-became-optional", "inputs", _IN, _ADDS, "an input became optional"),
        Kind("input-default-added", "inputs", _IN, _ADDS, "an input got a default"),
        Kind("input-default-removed", "inputs", _IN, _BREAKS, "an input lost its default"),
        Kind("input-default-changed", "inputs", _IN, _BEHAVES, "an input's default changed"),
        Kind("input-changed", "inputs", _IN, _BREAKS, "an input's schema changed"),
        Kind("input-described", "inputs", _DOCS, _TELLS, "an input's description changed"),
        Kind("placeholder-added", "inputs", _IN, _BREAKS, "a required placeholder was added"),
        Kind(
            "optional-placeholder-added", "inputs", _IN, _ADDS, "an optional placeholder was added"
        ),
        Kind("placeholder-removed", "inputs", _IN, _BREAKS, "a placeholder was removed"),
        Kind(
            "placeholder-became-required", "inputs", _IN, _BREAKS, "a placeholder became required"
        ),
        Kind("placeholder-became-optional", "inputs", _IN, _ADDS, "a placeholder became optional"),
        Kind("output-changed", "output", _OUT, _BREAKS, "the output schema changed"),
        Kind("tool-added", "output", _OUT, _ADDS, "a tool was added"),
        Kind("tool-removed", "output", _OUT, _BREAKS, "a tool was removed"),
        Kind("tool-changed", "output", _OUT, _BREAKS, "a tool changed"),
        Kind("roles-changed", "messages", _OUT, _BREAKS, "the message roles changed"),
        Kind("text-changed", "messages", _BEHAVIOUR, _BEHAVES, "the text changed"),
        Kind("partial-changed", "messages", _BEHAVIOUR, _BEHAVES, "a template it reaches changed"),
        Kind("template-moved", "messages", _DOCS, _TELLS, "a template moved, its text unchanged"),
        Kind(
            "message-detail-changed", "messages", _BEHAVIOUR, _BEHAVES, "a message's detail changed"
        ),
        Kind("locale-added", "messages", _BEHAVIOUR, _ADDS, "a locale was added"),
        Kind("locale-removed", "messages", _BEHAVIOUR, _BEHAVES, "a locale was removed"),
        Kind("model-changed", "model", _BEHAVIOUR, _BEHAVES, "the model or a parameter changed"),
        Kind("behaviour-changed", "behaviour", _BEHAVIOUR, _BEHAVES, "how the agent works changed"),
        Kind(
            "pin-changed", "behaviour", _BEHAVIOUR, _BEHAVES, "a prompt it uses was released anew"
        ),
        Kind("other-changed", "other", _BEHAVIOUR, _BEHAVES, "the manifest changed"),
        Kind("metadata-changed", "metadata", _DOCS, _TELLS, "documentation changed"),
    )
}
"""Coarse by design: a schema change counts as breaking whatever its direction."""


@dataclass(frozen=True, slots=True)
class Change:
    """One fact. It has no opinion; `kind` looks up what such facts mean."""

    kind: str
    entry: str
    route: Route = ()
    path: str = ""
    """The file, where the change is one of a template's text."""
    before: Json = None
    after: Json = None

    @property
    def group(self) -> str:
        """The part of the contract that it belongs to."""
        return KINDS[self.kind].group

    @property
    def impact(self) -> Impact:
        """What it means at the least."""
        return KINDS[self.kind].impact

    @property
    def bump(self) -> Bump:
        """The least bump that covers it, from 1.0.0 on."""
        return BUMP[self.impact]


def required_bump(changes: tuple[Change, ...]) -> Bump:
    """The least bump that covers all changes; NONE where there are none."""
    return max((change.bump for change in changes), default=Bump.NONE)
