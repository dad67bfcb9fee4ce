"""The groups of keywords that are looked at together, and the facts of one pair of nodes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from promptreg.model.data import Json
from promptreg.model.schema_changes import lists, objects, remarks, unions, values
from promptreg.model.schema_changes.keywords import ALL_TYPES
from promptreg.model.schema_changes.kinds import Effect, SchemaChange
from promptreg.model.schema_changes.node import Node, frozen
from promptreg.model.schema_changes.pair import Pair


class _Group(NamedTuple):
    """Keywords that are looked at together, and the types of values that they bear on."""

    keywords: tuple[str, ...]
    facts: values.Facts
    types: frozenset[str] = ALL_TYPES


_NUMBERS = frozenset({"integer", "fraction"})
_TEXT, _LIST, _OBJECT = frozenset({"string"}), frozenset({"array"}), frozenset({"object"})

_GROUPS = (
    _Group(("type",), values.type_facts),
    _Group(("enum", "const"), values.listed_facts),
    _Group(("minimum", "exclusiveMinimum"), values.minimum_facts, _NUMBERS),
    _Group(("maximum", "exclusiveMaximum"), values.maximum_facts, _NUMBERS),
    _Group(("multipleOf",), values.multiple_facts, _NUMBERS),
    _Group(("minLength",), values.least("minLength"), _TEXT),
    _Group(("maxLength",), values.most("maxLength"), _TEXT),
    _Group(("pattern",), values.pattern_facts, _TEXT),
    _Group(("minItems",), values.least("minItems"), _LIST),
    _Group(("maxItems",), values.most("maxItems"), _LIST),
    _Group(("uniqueItems",), lists.unique_facts, _LIST),
    _Group(("prefixItems", "items"), lists.item_facts, _LIST),
    _Group(("contains", "minContains", "maxContains"), lists.contains_facts, _LIST),
    _Group(
        ("properties", "required", "additionalProperties", "patternProperties"),
        objects.property_facts,
        _OBJECT,
    ),
    _Group(("minProperties",), values.least("minProperties"), _OBJECT),
    _Group(("maxProperties",), values.most("maxProperties"), _OBJECT),
    _Group(("dependentRequired",), objects.dependency_facts, _OBJECT),
    _Group(("propertyNames",), objects.name_facts, _OBJECT),
    _Group(("allOf",), unions.condition_facts),
    _Group(("anyOf",), unions.any_facts),
    _Group(("oneOf",), unions.one_facts),
    _Group(("not",), unions.exclusion_facts),
)


def facts_of(pair: Pair, schemas: tuple[Json, Json]) -> Iterator[SchemaChange]:
    """The facts about a pair, whose schemas are as given; their routes start there."""
    closed = not pair.base.types, not pair.head.types
    if closed[0] != closed[1]:
        kind, effect = ("forbidden", Effect.NARROWED) if closed[1] else ("allowed", Effect.WIDENED)
        yield SchemaChange(kind, (), *schemas, effect)
    else:
        for group in _GROUPS:
            yield from _group_facts(pair, group)
        yield from remarks.odd_facts(pair)
    yield from remarks.remark_facts(pair)


def _group_facts(pair: Pair, group: _Group) -> Iterator[SchemaChange]:
    """The facts of a group, without effect where no type that they bear on is allowed twice.

    A type that only one side allows is in the effect of the types already.
    """
    bears = group.types is ALL_TYPES or group.types & pair.base.types & pair.head.types
    spoken, carried = False, len(pair.carried)
    for change in group.facts(pair):
        spoken = True
        yield change if bears else replace(change, effect=Effect.NONE)
    if not bears:
        del pair.carried[carried:]
    if not spoken:
        yield from _restated(pair, group.keywords)


def _restated(pair: Pair, keywords: Iterable[str]) -> Iterator[SchemaChange]:
    for keyword in keywords:
        before, after = (_outline(node, keyword) for node in (pair.base, pair.head))
        if before != after:
            yield pair.fact("restated", Effect.NONE, keyword)


def _outline(node: Node, keyword: str) -> Hashable:
    """What a keyword says by itself, apart from the schemas in it and the order of names."""
    if keyword not in node.keywords:
        return ()
    value = node.keywords[keyword]
    if keyword in _LISTS_OF_SCHEMAS:
        return len(node.listed(keyword))
    if keyword == "type":
        return frozenset(node.names("type")) if isinstance(value, list) else frozenset({value})
    if keyword in ("enum", "required"):
        return frozenset(map(frozen, node.listed(keyword)))
    if keyword in _MAPPINGS:
        return frozenset(node.mapping(keyword))
    return "" if keyword in _SCHEMAS else frozen(value)


_LISTS_OF_SCHEMAS = ("allOf", "anyOf", "oneOf", "prefixItems")
_MAPPINGS = ("properties", "patternProperties", "dependentRequired")
_SCHEMAS = ("additionalProperties", "propertyNames", "items", "contains", "not")
