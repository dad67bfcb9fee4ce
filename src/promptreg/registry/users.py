"""Who uses an entry: agents, hand-offs, replacements and experiments that name it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from promptreg.errors import SelectorError
from promptreg.model.agent import parse_agent
from promptreg.model.configuration import Configuration
from promptreg.model.data import Json, format_route
from promptreg.model.selector import parse_selector
from promptreg.registry.discover import discover
from promptreg.registry.documents import parse_document
from promptreg.registry.snapshot import Document
from promptreg.store.files import FileProblem
from promptreg.store.trees import Tree


@dataclass(frozen=True, slots=True)
class User:
    """A document that names an entry, and how."""

    kind: str
    """`agent`, `prompt` or `experiment`."""
    name: str
    path: str
    route: str
    """Where it does: `prompts.triage`."""
    selector: str
    """What it says there."""


def users_of(tree: Tree, configuration: Configuration, name: str) -> tuple[User, ...]:
    """The documents of `tree` that name the entry `name`; broken ones are left out."""
    found = {
        one.path: one.kind
        for one in discover(tree.paths(), configuration.roots)
        if one.kind in {"Prompt", "Agent", "Experiment"}
    }
    users: list[User] = []
    for path, content in tree.read_many(found, limit=configuration.limits.manifest_bytes):
        # A name has no characters that YAML would have to escape: few files need to be parsed.
        if isinstance(content, FileProblem) or name.encode() not in content:
            continue
        data = parse_document(path, content, found[path]).data
        if data is not None and data["name"] != name:
            kind = found[path].lower()
            users += [
                User(kind, str(data["name"]), path, route, text)
                for route, text in _references(found[path], data)
                if _named(text) == name
            ]
    return tuple(sorted(users, key=lambda user: (user.kind, user.name, user.route)))


def users_in(documents: Iterable[Document]) -> Mapping[str, tuple[User, ...]]:
    """Every entry that one of `documents` names, with those that do so."""
    found: defaultdict[str, list[User]] = defaultdict(list)
    for one in documents:
        if one.kind in {"Prompt", "Agent", "Experiment"}:
            own = str(one.data["name"])
            for route, text in _references(one.kind, one.data):
                if (name := _named(text)) and name != own:
                    found[name].append(User(one.kind.lower(), own, one.path, route, text))
    return {
        name: tuple(sorted(users, key=lambda user: (user.kind, user.name, user.route)))
        for name, users in found.items()
    }


def _references(kind: str, data: dict[str, Json]) -> Iterator[tuple[str, str]]:
    if isinstance(replacement := data.get("replaced_by"), str):
        yield "replaced_by", replacement
    if kind == "Agent":
        agent = parse_agent(data)
        for reference in (*agent.selectors, *agent.hand_offs):
            yield format_route(reference.route), reference.text
    if kind == "Experiment":
        experiment = cast("dict[str, Any]", data)
        yield "prompt", experiment["prompt"]
        for index, variant in enumerate(experiment["variants"]):
            yield f"variants[{index}].selector", variant["selector"]


def _named(text: str) -> str:
    try:
        return parse_selector(text).name
    except SelectorError:
        return ""
