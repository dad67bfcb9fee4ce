"""Schemas and dataclasses hold together: what a schema allows is read, or said not to be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from promptreg.model.agent import parse_agent
from promptreg.model.approval import parse_approval
from promptreg.model.configuration import parse_configuration
from promptreg.model.declaration import parse_declaration
from promptreg.model.environment import parse_environment
from promptreg.model.prompt import parse_prompt
from promptreg.store.schema_files import KINDS, schema_of

ENVELOPE = {"apiVersion", "kind"}
UNREAD = {
    "Prompt": {"locales.*.description": "told by facts and show, from the data"},
    "Agent": {
        "budget": "shown and compared as data; the run metrics will read it",
        "mcp_servers": "shown and compared as data",
        "success_metrics": "shown and compared as data; the run metrics will read it",
        "escalation.*.within": "shown as data",
        "guardrails.*.name": "shown as data",
        "guardrails.*.stage": "shown as data",
        "guardrails.*.on_violation": "shown as data",
        "guardrails.*.description": "shown as data",
        "guardrails.*.pattern": "judged as data by invalid-pattern",
        "hand_offs.*.when": "shown as data",
        "escalation.*.when": "shown as data",
        "approvals.release.count": "the gates will read it",
        "steps.*.when": "shown as data",
    },
    "Registry": {
        "environments.*.description": "for people",
        "formats": "the importers will read it",
        "owners.*.description": "for people",
    },
    "Environment": {},
    "Approval": {},
    "Change": {},
}
PARSERS: dict[str, Callable[[dict[str, Any]], object]] = {
    "Prompt": parse_prompt,
    "Agent": parse_agent,
    "Registry": parse_configuration,
    "Environment": parse_environment,
    "Approval": parse_approval,
    "Change": lambda data: parse_declaration("changes/a.change.yaml", data),
}
AS_DATA = {"Policy", "Experiment"}
"""Kinds that no dataclass stands for yet: their rules read the data."""
WHOLE = {
    "Prompt": {
        "labels",
        "model",
        "output",
        "tools",
        "inputs.*",
        "tests.*.inputs",
        "tests.*.expect.*",
    },
    "Agent": {"labels", "model", "tools"},
    "Registry": {"limits", "severity", "environments.*.approvals"},
    "Environment": set(),
    "Approval": set(),
    "Change": set(),
}
"""Places whose value is kept as data, so that everything below is read with it."""


class Watched(dict[str, Any]):
    """A mapping that notes which of its keys are asked for."""

    def __init__(self, data: dict[str, Any], route: str, seen: set[str]) -> None:
        super().__init__(
            {key: watched(value, f"{route}.{key}".lstrip("."), seen) for key, value in data.items()}
        )
        self.route, self.seen = route, seen

    def _note(self, key: str) -> None:
        self.seen.add(f"{self.route}.{key}".lstrip("."))

    def __getitem__(self, key: str) -> Any:
        self._note(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self._note(key)
        return super().get(key, default)

    def items(self) -> Any:
        for key in self:
            self._note(key)
        return super().items()

    def __contains__(self, key: object) -> bool:
        self._note(str(key))
        return super().__contains__(key)


def watched(value: Any, route: str, seen: set[str]) -> Any:
    if isinstance(value, dict):
        return Watched(value, route, seen)
    if isinstance(value, list):
        return [watched(item, f"{route}.*", seen) for item in value]
    return value


def resolved(schema: Any, root: dict[str, Any]) -> dict[str, Any]:
    while isinstance(schema, dict) and str(schema.get("$ref", "")).startswith("#/$defs/"):
        found: Any = root
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = found
    return schema if isinstance(schema, dict) else {}


def routes(schema: Any, root: dict[str, Any], route: str = "", depth: int = 0) -> Iterator[str]:
    """Every place that a schema of ours names; `*` stands for any key and any item."""
    schema = resolved(schema, root)
    if depth > 5:
        return
    for key, value in schema.get("properties", {}).items():
        place = f"{route}.{key}".lstrip(".")
        yield place
        yield from routes(value, root, place, depth + 1)
    for below in (schema.get("additionalProperties"), schema.get("items")):
        if isinstance(below, dict):
            yield from routes(below, root, f"{route}.*", depth + 1)
    for pattern, below in schema.get("patternProperties", {}).items():
        if pattern != "^x-":
            yield from routes(below, root, f"{route}.*", depth + 1)
    for word in ("oneOf", "anyOf", "allOf"):
        for below in schema.get(word, ()):
            yield from routes(below, root, route, depth)


DOCUMENTS: dict[str, dict[str, Any]] = {
    "Prompt": {
        "name": "a", "description": "D", "owner": "team", "lifecycle": "active", "risk": "low",
        "sunset": "2030-01-01", "replaced_by": "b", "renamed_from": "c", "labels": {"a": "b"},
        "model": {"name": "m"}, "inputs": {"who": {"type": "string"}},
        "messages": [
            {"role": "user", "name": "n", "content": [
                {"type": "text", "template": "a.j2"}, {"type": "text", "text": "x"},
                {"type": "image", "url": "u", "detail": "low", "media_type": "image/png"},
                {"type": "file", "data": "d", "name": "n", "media_type": "text/plain"}]},
            {"role": "user", "template": "a.j2"},
            {"placeholder": "history", "required": False, "description": "D"},
        ],
        "output": {"schema": {}}, "tools": [{"name": "t"}],
        "locales": {"de": {"messages": [{"role": "user", "content": "x"}], "description": "D"}},
        "tests": [{"name": "t", "inputs": {}, "locale": "de", "expect": [
            {kind: "x", "role": "user"} for kind in (
                "contains", "not_contains", "matches", "not_matches", "equals", "max_tokens",
                "json_schema", "roles", "snapshot")]}],
    },
    "Agent": {
        "name": "a", "description": "D", "purpose": "P", "use_case": "u.md", "owner": "team",
        "lifecycle": "active", "risk": "low", "sunset": "2030-01-01", "replaced_by": "b",
        "renamed_from": "c", "labels": {}, "prompts": {"r": "b"}, "model": {"name": "m"},
        "budget": {"steps": 1}, "tools": [{"name": "t"}], "mcp_servers": [{"name": "m", "url": "u"}],
        "guardrails": [{"name": "g", "stage": "input", "prompt": "b", "on_violation": "block"}],
        "success_metrics": [{"name": "m"}],
        "approvals": {"release": {"count": 1, "from": ["team"]}},
        "escalation": [{"when": "w", "to": "team", "within": "1m", "runbook": "r.md"}],
        "hand_offs": [{"to": "b", "when": "w"}],
        "steps": [{"name": "s", "prompt": "r", "agent": "b", "then": ["s"], "when": "w"}],
    },
    "Registry": {
        "name": "r", "description": "D",
        "owners": {"team": {"contact": "c", "members": ["a@example.com"], "description": "D"}},
        "release_branch": "main", "environments_branch": "deploy",
        "environments": {"prod": {"after": "stage", "owners": ["team"], "approvals": {}}},
        "roots": ["prompts"], "templates": ["."], "formats": {}, "profile": "strict",
        "waivers": [{"fingerprint": "f" * 16, "reason": "R", "owner": "team", "expires": "2030-01-01"}],
        "severity": {}, "limits": {},
    },
    "Environment": {
        "name": "prod", "releases": {"a": {"version": "1.0.0", "digest": "d"}},
        "frozen": {"reason": "R"},
        "suspended": {"b": {"version": "1.0.0", "digest": "d", "reason": "R"}}},
    "Approval": {
        "name": "a", "digest": "sha256:0", "version": "1.0.0", "as": "team", "note": "N",
        "by": {"name": "N", "email": "a@example.com"}, "at": "2026-01-01", "signature": "S"},
    "Change": {"name": "a", "bump": "major", "reason": "R", "owner": "team", "migration": "M"},
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(PARSERS))
def test_every_key_of_a_schema_is_read_or_said_not_to_be(kind: str) -> None:
    schema = schema_of(kind)
    seen: set[str] = set()
    PARSERS[kind](Watched(DOCUMENTS[kind], "", seen))
    known = {place for place in routes(schema, schema) if place.split(".")[0] not in ENVELOPE}
    generic = {_generic(place, known) for place in seen}
    unread = {
        place
        for place in known - generic
        if not any(place == whole or place.startswith(whole + ".") for whole in WHOLE[kind])
        and not any(place == told or place.startswith(told + ".") for told in UNREAD[kind])
    }
    assert unread == set()


def _generic(place: str, known: set[str]) -> str:
    """A route with the keys that people choose as `*`."""
    parts = place.split(".")
    for index in range(1, len(parts)):
        if ".".join(parts[: index + 1]) not in known:
            starred = [*parts[:index], "*", *parts[index + 1 :]]
            if any(
                one == ".".join(starred[: index + 1])
                or one.startswith(".".join(starred[: index + 1]) + ".")
                for one in known
            ):
                parts = starred
    return ".".join(parts)


def test_every_kind_has_a_parser_or_is_read_as_data() -> None:
    assert set(KINDS) - {"Lock"} == PARSERS.keys() | AS_DATA
