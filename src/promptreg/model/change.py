"""Changes: facts between two sides of an entry. Facts have no opinion; rules judge them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from promptreg.model.data import Json, Route
from promptreg.model.schema_changes.kinds import SCHEMA_KINDS


class Direction(StrEnum):
    """Who notices a change."""

    INPUT = "input"
    OUTPUT = "output"
    BEHAVIOUR = "behaviour"
    DOCUMENTATION = "documentation"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fact: where it is shown, who notices, and the sentence for it."""

    name: str
    group: str
    direction: Direction
    headline: str


_IN, _OUT, _BEHAVIOUR, _DOCS = Direction
_PREFIXES = (("input", "inputs", _IN), ("output", "output", _OUT), ("tool", "output", _OUT))
_REMARKS = frozenset({"described", "default-added", "default-changed", "default-removed"})
"""What only the model reads where it stands in the schema of an output or a tool."""


def schema_kinds(prefix: str) -> tuple[str, ...]:
    """The kinds of facts about the schemas of `input`s, the `output` or a `tool`."""
    return tuple(f"{prefix}-{name}" for name in SCHEMA_KINDS)


def _schema_kinds() -> Iterator[Kind]:
    for prefix, group, direction in _PREFIXES:
        for name, kind in SCHEMA_KINDS.items():
            noticed = direction
            if name in _REMARKS:
                noticed = _DOCS if prefix == "input" else _BEHAVIOUR
            yield Kind(f"{prefix}-{name}", group, noticed, kind.headline)


_AGENT_PARTS = {
    "agent-prompt": "a prompt that the agent uses",
    "approval": "an approval",
    "budget": "a part of the budget",
    "escalation": "an escalation",
    "guardrail": "a guardrail",
    "hand-off": "a hand-off",
    "mcp-server": "an MCP server",
    "metric": "a metric",
    "step": "a step",
}


def _agent_kinds() -> Iterator[Kind]:
    for word, article in _AGENT_PARTS.items():
        direction = _DOCS if word == "metric" else _OUT if word == "guardrail" else _BEHAVIOUR
        for ending in ("added", "removed", "changed"):
            verb = "changed" if ending == "changed" else f"was {ending}"
            yield Kind(f"{word}-{ending}", "behaviour", direction, f"{article} {verb}")


_OWN = (
    Kind("entry-added", "entry", _DOCS, "the entry is new"),
    Kind("entry-removed", "entry", _OUT, "the entry is gone"),
    Kind("entry-renamed", "entry", _OUT, "the entry has another name"),
    Kind("kind-changed", "entry", _OUT, "a prompt became an agent, or the reverse"),
    Kind("entry-moved", "entry", _DOCS, "the manifest moved to another file"),
    Kind("input-added", "inputs", _IN, "an optional input was added"),
    Kind("required-input-added", "inputs", _IN, "a required input was added"),
    Kind("input-removed", "inputs", _IN, "an input was removed"),
    Kind("input-became-required", "inputs", _IN, "an input became required"),
    Kind("input-became-optional", "inputs", _IN, "an input became optional"),
    Kind("input-default-added", "inputs", _IN, "an input got a default"),
    Kind("input-default-removed", "inputs", _IN, "an input lost its default"),
    Kind("input-default-changed", "inputs", _IN, "an input's default changed"),
    Kind("input-trust-changed", "inputs", _DOCS, "whether an input is trusted changed"),
    Kind("placeholder-added", "inputs", _IN, "a required placeholder was added"),
    Kind("optional-placeholder-added", "inputs", _IN, "an optional placeholder was added"),
    Kind("placeholder-removed", "inputs", _IN, "a placeholder was removed"),
    Kind("placeholder-became-required", "inputs", _IN, "a placeholder became required"),
    Kind("placeholder-became-optional", "inputs", _IN, "a placeholder became optional"),
    Kind("output-added", "output", _OUT, "the output is held to a schema"),
    Kind("output-removed", "output", _OUT, "the output is no longer held to a schema"),
    Kind("output-setting-changed", "output", _BEHAVIOUR, "how the output is asked for changed"),
    Kind("tool-added", "output", _OUT, "a tool was added"),
    Kind("tool-removed", "output", _OUT, "a tool was removed"),
    Kind("tool-setting-changed", "output", _BEHAVIOUR, "how the tool is used changed"),
    Kind("roles-changed", "messages", _OUT, "the message roles changed"),
    Kind("text-changed", "messages", _BEHAVIOUR, "the text changed"),
    Kind("partial-changed", "messages", _BEHAVIOUR, "a template it reaches changed"),
    Kind("template-moved", "messages", _DOCS, "a template moved, its text unchanged"),
    Kind("message-detail-changed", "messages", _BEHAVIOUR, "a message's detail changed"),
    Kind("locale-added", "messages", _BEHAVIOUR, "a locale was added"),
    Kind("locale-removed", "messages", _BEHAVIOUR, "a locale was removed"),
    Kind("model-changed", "model", _BEHAVIOUR, "the model or a parameter changed"),
    Kind("pin-changed", "behaviour", _BEHAVIOUR, "a prompt it uses was released anew"),
    Kind("other-changed", "other", _BEHAVIOUR, "the manifest changed"),
    Kind("lifecycle-changed", "metadata", _DOCS, "the lifecycle changed"),
    Kind("owner-changed", "metadata", _DOCS, "the owner changed"),
    Kind("risk-changed", "metadata", _DOCS, "the risk changed"),
    Kind("tests-changed", "metadata", _DOCS, "the tests changed"),
    Kind("metadata-changed", "metadata", _DOCS, "documentation changed"),
)

KINDS = {kind.name: kind for kind in (*_schema_kinds(), *_agent_kinds(), *_OWN)}
"""Every kind of fact by its name. Those of schemas come first, so that our own words for an input's
default win."""


@dataclass(frozen=True, slots=True)
class Change:
    """One fact; `kind` is a name of KINDS."""

    kind: str
    entry: str
    route: Route = ()
    path: str = ""
    """The file, where the change is one of a template's text."""
    before: Json = None
    after: Json = None
    effect: str = ""
    """For a schema: whether it accepts less or more (`schema_changes.Effect`), else empty."""

    @property
    def group(self) -> str:
        """The part of the contract that it belongs to."""
        return KINDS[self.kind].group
