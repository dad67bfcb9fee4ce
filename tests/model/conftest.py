"""Entries made of text, and changes of them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from promptreg.model.agent import parse_agent
from promptreg.model.data import Json, Route
from promptreg.model.entry import Entry
from promptreg.model.prompt import parse_prompt
from promptreg.registry.load import load
from promptreg.store.trees import MemoryTree

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
HEADER = "apiVersion: promptreg/v1\nkind: Prompt\nname: a\nowner: t\nlifecycle: active\nrisk: low\n"
CONFIGURATION = (
    "apiVersion: promptreg/v1\nkind: Registry\nname: r\nowners: {t: {contact: t@example.com}}\n"
)

Maker = Callable[..., Entry]


@pytest.fixture(scope="session")
def prompt() -> Maker:
    """Makes the entry `a` of the keys of its manifest (YAML) and the other files."""

    def make(keys: str = "", files: Mapping[str, str] | None = None, path: str = "") -> Entry:
        if not f"\n{keys}".count("\nmessages:"):
            keys += "\nmessages: [{role: user, content: Hello}]"
        texts = {
            "promptreg.yaml": CONFIGURATION,
            path or "prompts/a.prompt.yaml": HEADER + keys,
            **(files or {}),
        }
        loaded = load(MemoryTree(texts))
        assert loaded.findings == ()
        return loaded.snapshot.entries["a"]

    return make


@pytest.fixture(scope="session")
def agent() -> Maker:
    """Makes the agent `a` of the keys of its manifest."""

    def make(keys: str = "") -> Entry:
        text = HEADER.replace("kind: Prompt", "kind: Agent") + keys
        loaded = load(MemoryTree({"promptreg.yaml": CONFIGURATION, "agents/a.agent.yaml": text}))
        assert loaded.findings == ()
        return loaded.snapshot.entries["a"]

    return make


@pytest.fixture(scope="session")
def examples() -> tuple[Entry, ...]:
    """Every prompt and agent of the example registry."""
    files = {
        str(path.relative_to(EXAMPLES)): path.read_bytes()
        for path in EXAMPLES.rglob("*")
        if path.is_file()
    }
    loaded = load(MemoryTree(files))
    assert not [one for one in loaded.findings if one.severity > 1]
    assert len(loaded.snapshot.entries) > 10
    return tuple(loaded.snapshot.entries.values())


def leaves(data: Json, route: Route = ()) -> Iterator[Route]:
    """The place of every scalar and every empty collection."""
    if isinstance(data, dict) and data:
        for key, value in data.items():
            yield from leaves(value, (*route, key))
    elif isinstance(data, list) and data:
        for index, value in enumerate(data):
            yield from leaves(value, (*route, index))
    else:
        yield route


def changed(entry: Entry, routes: list[Route]) -> Entry:
    """The entry with other values at `routes`, as far as a manifest can have others there."""
    data = copy.deepcopy(entry.data)
    for route in routes:
        holder: Any = data
        for step in route[:-1]:
            holder = holder[step]
        holder[route[-1]] = _other(route, holder[route[-1]])
    return with_data(entry, data)


def with_data(entry: Entry, data: dict[str, Json]) -> Entry:
    """The entry with another manifest; its templates are resolved as before."""
    manifest = parse_agent(data) if entry.kind == "Agent" else parse_prompt(data)
    resolved = dict(entry.resolved)
    return Entry(entry.path, cast("Any", manifest), data, entry.templates, resolved)


def _other(route: Route, value: Json) -> Json:
    key = route[-1]
    if key == "lifecycle":
        return "draft" if value != "draft" else "active"
    if key == "type" and "content" in route:
        return value  # another type has other keys
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, str):
        return value + "x"
    return "x"


@pytest.fixture(scope="session")
def mutate() -> Callable[[Entry, list[Route]], Entry]:
    """`changed`, for tests that can't import this file."""
    return changed


@pytest.fixture(scope="session")
def places() -> Callable[[Json], list[Route]]:
    """`leaves`, for tests that can't import this file."""
    return lambda data: list(leaves(data))


@pytest.fixture(scope="session")
def remake() -> Callable[[Entry, dict[str, Json]], Entry]:
    """`with_data`, for tests that can't import this file."""
    return with_data
