"""An agent's manifest as values. Made only from documents that fit the agent schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from promptreg.model.data import Json, Route
from promptreg.model.prompt import Lifecycle


@dataclass(frozen=True, slots=True)
class Reference:
    """A text of the manifest that names something: an entry, a selector, an owner or a file."""

    text: str
    route: Route


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent's manifest: what it is for, what it uses, who answers for it."""

    name: str
    description: str
    purpose: str
    owner: str
    lifecycle: Lifecycle
    risk: str
    sunset: str
    replaced_by: str
    renamed_from: str
    labels: tuple[tuple[str, str], ...]
    model: dict[str, Json]
    prompts: tuple[tuple[str, Reference], ...]
    """Role to selector."""
    tools: tuple[dict[str, Json], ...]
    selectors: tuple[Reference, ...]
    """Every selector it pins, guardrail prompts included."""
    hand_offs: tuple[Reference, ...]
    """Names of other agents."""
    owners: tuple[Reference, ...]
    """Owners it names beside its own: approvals and escalation."""
    files: tuple[Reference, ...]
    """Use case and runbooks: paths in the registry."""
    step_roles: tuple[Reference, ...]
    """Roles of `prompts` that its steps name."""
    step_names: tuple[str, ...]
    step_successors: tuple[Reference, ...]


def parse_agent(document: dict[str, Json]) -> Agent:
    """The agent that a document, already found to fit the schema, describes."""
    data = cast("dict[str, Any]", document)
    prompts = tuple(
        (role, Reference(selector, ("prompts", role)))
        for role, selector in data.get("prompts", {}).items()
    )
    guards = _each(data, "guardrails", "prompt")
    steps = data.get("steps", [])
    return Agent(
        name=data["name"],
        description=data.get("description", ""),
        purpose=data.get("purpose", ""),
        owner=data["owner"],
        lifecycle=Lifecycle(data["lifecycle"]),
        risk=data["risk"],
        sunset=data.get("sunset", ""),
        replaced_by=data.get("replaced_by", ""),
        renamed_from=data.get("renamed_from", ""),
        labels=tuple(sorted(data.get("labels", {}).items())),
        model=data.get("model", {}),
        prompts=prompts,
        tools=tuple(data.get("tools", ())),
        selectors=(*(reference for _, reference in prompts), *guards),
        hand_offs=(*_each(data, "hand_offs", "to"), *_each(data, "steps", "agent")),
        owners=(*_each(data, "escalation", "to"), *_approvers(data)),
        files=_files(data),
        step_roles=_each(data, "steps", "prompt"),
        step_names=tuple(step["name"] for step in steps),
        step_successors=_successors(steps),
    )


def _each(data: dict[str, Any], key: str, inner: str) -> tuple[Reference, ...]:
    return tuple(
        Reference(item[inner], (key, index, inner))
        for index, item in enumerate(data.get(key, ()))
        if inner in item
    )


def _approvers(data: dict[str, Any]) -> tuple[Reference, ...]:
    return tuple(
        Reference(owner, ("approvals", gate, "from", index))
        for gate, rule in data.get("approvals", {}).items()
        if not gate.startswith("x-")
        for index, owner in enumerate(rule.get("from", ()))
    )


def _files(data: dict[str, Any]) -> tuple[Reference, ...]:
    use_case = data.get("use_case")
    own = () if use_case is None else (Reference(use_case, ("use_case",)),)
    return (*own, *_each(data, "escalation", "runbook"))


def _successors(steps: list[dict[str, Any]]) -> tuple[Reference, ...]:
    found: list[Reference] = []
    for index, step in enumerate(steps):
        then = step.get("then", [])
        if isinstance(then, str):
            found.append(Reference(then, ("steps", index, "then")))
        else:
            found += [
                Reference(name, ("steps", index, "then", place)) for place, name in enumerate(then)
            ]
    return tuple(found)
