"""Facts about the properties of objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from promptreg.model.data import Json
from promptreg.model.schema_changes.kinds import Effect, SchemaChange, joined, mirrored
from promptreg.model.schema_changes.node import ANYTHING, Node
from promptreg.model.schema_changes.pair import Pair
from promptreg.model.schema_changes.reading import Side


def property_facts(pair: Pair) -> Iterator[SchemaChange]:
    """Facts about `properties` and `required`, name by name, and about all other names."""
    before, after = pair.base, pair.head
    declared = before.mapping("properties").keys() | after.mapping("properties").keys()
    for name in sorted(declared | before.names("required") | after.names("required")):
        yield from _named(pair, name)
    yield from _others(pair)
    yield from _by_pattern(pair)


def dependency_facts(pair: Pair) -> Iterator[SchemaChange]:
    """Facts about `dependentRequired`, one for each needed name."""
    before, after = (node.mapping("dependentRequired") for node in (pair.base, pair.head))
    for key in sorted(before.keys() | after.keys()):
        old, new = (set(cast("list[str]", one.get(key) or [])) for one in (before, after))
        route = ("dependentRequired", key)
        for name in sorted(old - new):
            yield SchemaChange("dependency-removed", route, name, None, Effect.WIDENED)
        for name in sorted(new - old):
            yield SchemaChange("dependency-added", route, None, name, Effect.NARROWED)


def name_facts(pair: Pair) -> Iterator[SchemaChange]:
    """Facts about `propertyNames`."""
    yield from slot_facts(pair, "propertyNames", "property-names")


def slot_facts(pair: Pair, keyword: str, word: str) -> Iterator[SchemaChange]:
    """Facts about a keyword that holds one schema; where it is absent everything fits."""
    before, after = pair.base.keywords.get(keyword), pair.head.keywords.get(keyword)
    if before is not None and after is not None:
        yield from pair.nested((keyword,), before, after)
    elif after is not None:
        yield pair.fact(f"{word}-added", pair.effect(ANYTHING, after), keyword)
    elif before is not None:
        yield pair.fact(f"{word}-removed", pair.effect(before, ANYTHING), keyword)


def _named(pair: Pair, name: str) -> Iterator[SchemaChange]:
    """Facts about one property: it came, went, or is spoken of on both sides."""
    old, new = _required(pair.base, name), _required(pair.head, name)
    spoken = _spoken(pair.base_side, pair.base, name), _spoken(pair.head_side, pair.head, name)
    before = pair.base.mapping("properties").get(name)
    after = pair.head.mapping("properties").get(name)
    route = ("properties", name)
    effect = (
        Effect.NARROWED if new and not old else Effect.WIDENED if old and not new else Effect.NONE
    )
    if spoken[0] == spoken[1]:
        if old != new:
            word = "required" if new else "optional"
            yield SchemaChange(f"property-became-{word}", route, old, new, effect)
        yield from _schemas(pair, name)
        return
    word = "required" if old or new else "optional"
    act = "added" if spoken[1] else "removed"
    total = joined((effect, _schema_effect(pair, name)))
    yield SchemaChange(f"{word}-property-{act}", route, before, after, total)


def _required(node: Node, name: str) -> bool:
    return name in node.names("required")


def _spoken(side: Side, node: Node, name: str) -> bool:
    """Whether a property is declared (and not as `false`), or required."""
    properties = node.mapping("properties")
    return _required(node, name) or (name in properties and not side.is_closed(properties[name]))


def _schemas(pair: Pair, name: str) -> Iterator[SchemaChange]:
    route = ("properties", name)
    before = pair.base.mapping("properties").get(name)
    after = pair.head.mapping("properties").get(name)
    if not _is_certain(pair, name):
        yield SchemaChange("undecided", route, before, after, Effect.UNKNOWN)
    elif before is not None or after is not None:
        yield from pair.nested(route, _of(pair.base, name), _of(pair.head, name))


def _schema_effect(pair: Pair, name: str) -> Effect:
    properties = pair.base.mapping("properties"), pair.head.mapping("properties")
    if name not in properties[0] and name not in properties[1]:
        return Effect.NONE  # what is said of all other names is told once
    if not _is_certain(pair, name):
        return Effect.UNKNOWN
    return pair.effect(_of(pair.base, name), _of(pair.head, name))


def _of(node: Node, name: str) -> Json:
    """What a side demands of a property, apart from patterns."""
    properties = node.mapping("properties")
    return properties[name] if name in properties else _rest(node)


def _rest(node: Node) -> Json:
    return node.keywords.get("additionalProperties", True)


def _is_certain(pair: Pair, name: str) -> bool:
    """Whether `_of` tells all: a pattern may exempt a name from `additionalProperties`."""
    sides = ((pair.base_side, pair.base), (pair.head_side, pair.head))
    declared = [name in node.mapping("properties") for _, node in sides]
    return declared[0] == declared[1] or all(
        known or not node.mapping("patternProperties") or side.is_open(_rest(node))
        for known, (side, node) in zip(declared, sides, strict=True)
    )


def _others(pair: Pair) -> Iterator[SchemaChange]:
    """Facts about `additionalProperties`."""
    before, after = _rest(pair.base), _rest(pair.head)
    closed = pair.base_side.is_closed(before), pair.head_side.is_closed(after)
    opened = pair.base_side.is_open(before), pair.head_side.is_open(after)
    word = "additional-properties"
    if all(closed):
        return
    if closed[1]:
        yield pair.fact(f"{word}-forbidden", Effect.NARROWED, "additionalProperties")
    elif closed[0]:
        yield pair.fact(f"{word}-allowed", Effect.WIDENED, "additionalProperties")
    elif opened[0] != opened[1]:
        effect = pair.effect(before, after)
        yield pair.fact(f"{word}-changed", effect, "additionalProperties")
    else:
        yield from pair.nested(("additionalProperties",), before, after)


def _by_pattern(pair: Pair) -> Iterator[SchemaChange]:
    """Facts about `patternProperties`; whether two patterns share names is not decided."""
    before, after = (node.mapping("patternProperties") for node in (pair.base, pair.head))
    for pattern in sorted(before.keys() | after.keys()):
        route = ("patternProperties", pattern)
        if pattern in before and pattern in after:
            yield from pair.nested(route, before[pattern], after[pattern])
        elif pattern in after:
            effect = _pattern_effect(pair, pair.head_side, pair.base, after[pattern])
            yield SchemaChange("pattern-property-added", route, None, after[pattern], effect)
        else:
            effect = mirrored(_pattern_effect(pair, pair.base_side, pair.head, before[pattern]))
            yield SchemaChange("pattern-property-removed", route, before[pattern], None, effect)


def _pattern_effect(pair: Pair, side: Side, without: Node, schema: Json) -> Effect:
    """The effect of a schema by pattern, `without` being the node that lacks it."""
    other = pair.base_side if without is pair.base else pair.head_side
    rest = _rest(without)
    if other.is_open(rest):
        return Effect.NONE if side.is_open(schema) else Effect.NARROWED
    nodes = (pair.base, pair.head)
    alone = not any(node.mapping("properties") for node in nodes) and all(
        len(node.mapping("patternProperties")) == (node is not without) for node in nodes
    )
    if other.is_closed(rest) and (alone or side.is_open(schema)):
        return Effect.WIDENED
    return Effect.UNKNOWN
