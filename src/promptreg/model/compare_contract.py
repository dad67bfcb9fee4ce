"""Facts about an entry's contract: inputs, placeholders, output and tools."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from promptreg.model.change import Change
from promptreg.model.data import Json, Route, same
from promptreg.model.prompt import Input, Prompt
from promptreg.model.schema_changes import schema_changes

_APART = frozenset({"required", "untrusted", "default", "description", "title", "examples"})
"""Keys of an input's declaration that have facts of their own."""
_REMARKS = ("description", "title", "examples")


def input_facts(name: str, base: Prompt, head: Prompt) -> Iterator[Change]:
    """Inputs that came, went or changed."""
    before = {one.name: one for one in base.inputs}
    after = {one.name: one for one in head.inputs}
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        route: Route = ("inputs", key)
        if old is None and new is not None:
            kind = "required-input-added" if new.required else "input-added"
            yield Change(kind, name, route, after=new.schema)
        elif new is None and old is not None:
            yield Change("input-removed", name, route, before=old.schema)
        elif old is not None and new is not None:
            yield from _input(name, route, old, new)


def _input(name: str, route: Route, old: Input, new: Input) -> Iterator[Change]:
    if old.required != new.required:
        kind = "input-became-required" if new.required else "input-became-optional"
        yield Change(kind, name, route)
    elif ("required" in old.schema) != ("required" in new.schema):
        yield _at_key("input-restated", name, (*route, "required"), old, new)
    if old.has_default != new.has_default:
        word = "added" if new.has_default else "removed"
        yield _at_key(f"input-default-{word}", name, (*route, "default"), old, new)
    elif not same(old.schema.get("default"), new.schema.get("default")):
        yield _at_key("input-default-changed", name, (*route, "default"), old, new)
    if old.untrusted != new.untrusted:
        yield _at_key("input-trust-changed", name, (*route, "untrusted"), old, new)
    elif ("untrusted" in old.schema) != ("untrusted" in new.schema):
        yield _at_key("input-restated", name, (*route, "untrusted"), old, new)
    for key in _REMARKS:
        if not same(old.schema.get(key), new.schema.get(key)):
            yield _at_key("input-described", name, (*route, key), old, new)
    yield from schema_facts("input", name, route, _judged(old), _judged(new))


def _at_key(kind: str, name: str, route: Route, old: Input, new: Input) -> Change:
    key = str(route[-1])
    effect = "none" if kind == "input-restated" else ""
    return Change(kind, name, route, "", old.schema.get(key), new.schema.get(key), effect)


def _judged(one: Input) -> Json:
    return {key: value for key, value in one.schema.items() if key not in _APART}


def schema_facts(prefix: str, name: str, route: Route, base: Json, head: Json) -> Iterator[Change]:
    """What differs between two schemas, as facts whose kinds begin with `prefix`."""
    for one in schema_changes(base, head):
        yield Change(
            f"{prefix}-{one.kind}",
            name,
            (*route, *one.route),
            before=one.before,
            after=one.after,
            effect=one.effect.value,
        )


def placeholder_facts(name: str, base: Prompt, head: Prompt) -> Iterator[Change]:
    """Placeholders that came, went or changed."""
    before = {one.name: one for one in base.placeholders()}
    after = {one.name: one for one in head.placeholders()}
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if old is None and new is not None:
            kind = "placeholder-added" if new.required else "optional-placeholder-added"
            yield Change(kind, name, new.route, after=key)
        elif new is None and old is not None:
            yield Change("placeholder-removed", name, old.route, before=key)
        elif old is not None and new is not None:
            if old.required != new.required:
                word = "required" if new.required else "optional"
                yield Change(f"placeholder-became-{word}", name, new.route, before=key, after=key)
            if old.description != new.description:
                route = (*new.route[:-1], "description")
                said = old.description, new.description
                yield Change("metadata-changed", name, route, before=said[0], after=said[1])


def output_facts(name: str, base: Prompt, head: Prompt) -> Iterator[Change]:
    """What callers get back: its schema, its name, and whether it is held to."""
    old, new = base.output, head.output
    if bool(old) != bool(new):
        kind = "output-added" if new else "output-removed"
        yield Change(kind, name, ("output",), before=old or None, after=new or None)
        return
    for key in sorted((old.keys() | new.keys()) - {"schema"}):
        if not same(old.get(key), new.get(key)):
            route: Route = ("output", key)
            yield Change("output-setting-changed", name, route, "", old.get(key), new.get(key))
    route = ("output", "schema")
    yield from schema_facts("output", name, route, old.get("schema", True), new.get("schema", True))


def tool_facts(name: str, base: dict[str, Json], head: dict[str, Json]) -> Iterator[Change]:
    """Tools that came, went or changed."""
    before, after = by_key(base.get("tools"), "name"), by_key(head.get("tools"), "name")
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        route: Route = ("tools", key)
        if old is None or new is None:
            kind = "tool-added" if old is None else "tool-removed"
            yield Change(kind, name, route, before=cast("Json", old), after=cast("Json", new))
            continue
        for part in sorted((old.keys() | new.keys()) - {"parameters"}):
            if not same(old.get(part), new.get(part)):
                kind = "tool-described" if part == "description" else "tool-setting-changed"
                yield Change(kind, name, (*route, part), "", old.get(part), new.get(part))
        where = (*route, "parameters")
        sides = old.get("parameters", True), new.get("parameters", True)
        yield from schema_facts("tool", name, where, *sides)


def by_key(items: Json, key: str) -> dict[str, dict[str, Json]]:
    """A list of records by the key that names them; of two with one name the last."""
    listed = cast("list[dict[str, Json]]", items or [])
    return {str(item.get(key, "")): item for item in listed}
