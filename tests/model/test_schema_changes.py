"""Facts about two schemas: by example, by law, and held against a validator."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.model.schema_changes import (
    SCHEMA_KINDS,
    Effect,
    SchemaChange,
    joined,
    mirrored,
    schema_changes,
    total_effect,
)

Facts = list[tuple[str, str, str]]


def facts(base: Any, head: Any) -> Facts:
    """Kind, route and effect of each change, as a table shows them."""
    return [
        (one.kind, ".".join(map(str, one.route)), one.effect.value)
        for one in schema_changes(base, head)
    ]


def of(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def closed(**properties: Any) -> dict[str, Any]:
    return {**of(**properties), "additionalProperties": False}


TEXT: Any = {"type": "string"}
INTEGER: Any = {"type": "integer"}
NUMBER: Any = {"type": "number"}
NULL: Any = {"type": "null"}
CAT, DOG = (
    {**of(kind={"const": kind}, age=INTEGER), "required": ["kind"]} for kind in ("cat", "dog")
)
CAT_WITH_NAME = {**of(kind={"const": "cat"}, age=INTEGER, name=TEXT), "required": ["kind"]}


def list_of(item: Any, kind: str = "item") -> dict[str, Any]:
    return {
        "$ref": "#/$defs/list",
        "$defs": {"list": of(item=item, rest={"$ref": "#/$defs/list"}), "kind": {"const": kind}},
    }


CASES: list[tuple[str, Any, Any, Facts]] = [
    ("an integer is a number", NUMBER, INTEGER, [("type-narrowed", "type", "narrowed")]),
    ("null joins", TEXT, {"type": ["string", "null"]}, [("type-widened", "type", "widened")]),
    ("another type", TEXT, INTEGER, [("type-changed", "type", "both")]),
    ("a type comes", {}, TEXT, [("type-narrowed", "type", "narrowed")]),
    ("a type goes", TEXT, True, [("type-widened", "type", "widened")]),
    (
        "an implied type",
        {"type": "string", "enum": ["a"]},
        {"enum": ["a"]},
        [("type-widened", "type", "none")],
    ),
    ("another order of types", {"type": ["string", "null"]}, {"type": ["null", "string"]}, []),
    ("a list of one type", TEXT, {"type": ["string"]}, []),
    ("a type said twice", NUMBER, {"type": ["integer", "number"]}, [("restated", "type", "none")]),
    ("a list comes", TEXT, {**TEXT, "enum": ["a"]}, [("enum-added", "enum", "narrowed")]),
    (
        "a list in place of a type",
        TEXT,
        {"enum": ["a"]},
        [("type-widened", "type", "none"), ("enum-added", "enum", "narrowed")],
    ),
    ("a list goes", {"enum": [1]}, {}, [("enum-removed", "enum", "widened")]),
    (
        "other values",
        {"enum": ["a", "b"]},
        {"enum": ["b", "c", "d"]},
        [
            ("enum-value-removed", "enum", "narrowed"),
            ("enum-value-added", "enum", "widened"),
            ("enum-value-added", "enum", "widened"),
        ],
    ),
    ("another order of values", {"enum": ["a", "b"]}, {"enum": ["b", "a", "b"]}, []),
    ("one number", {"enum": [1]}, {"enum": [1.0]}, []),
    ("no number", {"const": 1}, {"const": True}, [("const-changed", "const", "both")]),
    (
        "a list of one",
        {"const": "a"},
        {"enum": ["a"]},
        [("restated", "enum", "none"), ("restated", "const", "none")],
    ),
    (
        "a list in place of one",
        {"const": "a"},
        {"enum": ["a", "b"]},
        [("enum-value-added", "enum", "widened")],
    ),
    ("one value", {}, {"const": None}, [("const-added", "const", "narrowed")]),
    ("no value", TEXT, {"type": "string", "enum": [1]}, [("forbidden", "", "narrowed")]),
    ("a bound comes", INTEGER, {**INTEGER, "minimum": 0}, [("bound-added", "minimum", "narrowed")]),
    ("a lower minimum", {"minimum": 1}, {"minimum": 0}, [("bound-loosened", "minimum", "widened")]),
    (
        "a lower maximum",
        {"maximum": 1},
        {"maximum": 0},
        [("bound-tightened", "maximum", "narrowed")],
    ),
    (
        "an end excluded",
        {"maximum": 1},
        {"exclusiveMaximum": 1},
        [("bound-tightened", "exclusiveMaximum", "narrowed")],
    ),
    (
        "the tighter counts",
        {"minimum": 5},
        {"minimum": 5, "exclusiveMinimum": 1},
        [("restated", "exclusiveMinimum", "none")],
    ),
    (
        "a multiple",
        {"multipleOf": 2},
        {"multipleOf": 6},
        [("bound-tightened", "multipleOf", "narrowed")],
    ),
    (
        "no multiple",
        {"multipleOf": 2},
        {"multipleOf": 3},
        [("bound-changed", "multipleOf", "both")],
    ),
    (
        "a fraction",
        {"multipleOf": 0.1},
        {"multipleOf": 0.2},
        [("bound-changed", "multipleOf", "unknown")],
    ),
    ("a longest text", {**TEXT, "maxLength": 9}, TEXT, [("bound-removed", "maxLength", "widened")]),
    ("no least at all", TEXT, {**TEXT, "minLength": 0}, [("restated", "minLength", "none")]),
    (
        "no text, no matter",
        INTEGER,
        {**INTEGER, "minLength": 2},
        [("bound-added", "minLength", "none")],
    ),
    ("a pattern", TEXT, {**TEXT, "pattern": "a"}, [("pattern-added", "pattern", "narrowed")]),
    (
        "another pattern",
        {"pattern": "a+"},
        {"pattern": "a"},
        [("pattern-changed", "pattern", "unknown")],
    ),
    (
        "an optional property where all were open",
        of(),
        of(a=TEXT),
        [("optional-property-added", "properties.a", "narrowed")],
    ),
    (
        "an optional property that accepts all",
        of(),
        of(a={}),
        [("optional-property-added", "properties.a", "none")],
    ),
    (
        "an optional property where none else was",
        closed(),
        closed(a=TEXT),
        [("optional-property-added", "properties.a", "widened")],
    ),
    (
        "an optional property that fits the others",
        {"additionalProperties": NUMBER},
        {"additionalProperties": NUMBER, "properties": {"a": INTEGER}},
        [("optional-property-added", "properties.a", "narrowed")],
    ),
    (
        "a required property",
        of(),
        {**of(a=TEXT), "required": ["a"]},
        [("required-property-added", "properties.a", "narrowed")],
    ),
    (
        "a required property where none else was",
        closed(),
        {**closed(a=TEXT), "required": ["a"]},
        [("required-property-added", "properties.a", "both")],
    ),
    (
        "a property goes, and with it its name",
        closed(a=TEXT),
        closed(),
        [("optional-property-removed", "properties.a", "narrowed")],
    ),
    (
        "a required property goes",
        {**of(a=TEXT), "required": ["a"]},
        of(),
        [("required-property-removed", "properties.a", "widened")],
    ),
    (
        "a name that is only required",
        {},
        {"required": ["a"]},
        [("required-property-added", "properties.a", "narrowed")],
    ),
    (
        "a required name is declared",
        {"required": ["a"]},
        {"required": ["a"], "properties": {"a": TEXT}},
        [("type-narrowed", "properties.a.type", "narrowed")],
    ),
    (
        "a property becomes required",
        of(a=TEXT),
        {**of(a=TEXT), "required": ["a"]},
        [("property-became-required", "properties.a", "narrowed")],
    ),
    (
        "a property becomes optional and wider",
        {**of(a=INTEGER), "required": ["a"]},
        of(a=NUMBER),
        [
            ("property-became-optional", "properties.a", "widened"),
            ("type-widened", "properties.a.type", "widened"),
        ],
    ),
    ("a property is forbidden", of(), of(a=False), [("forbidden", "properties.a", "narrowed")]),
    ("another order of names", {"required": ["a", "b"]}, {"required": ["b", "a"]}, []),
    (
        "other names are forbidden",
        of(),
        closed(),
        [("additional-properties-forbidden", "additionalProperties", "narrowed")],
    ),
    (
        "other names are allowed",
        closed(),
        of(),
        [("additional-properties-allowed", "additionalProperties", "widened")],
    ),
    (
        "other names are judged",
        of(),
        {**of(), "additionalProperties": TEXT},
        [("additional-properties-changed", "additionalProperties", "narrowed")],
    ),
    (
        "other names are judged otherwise",
        {"additionalProperties": INTEGER},
        {"additionalProperties": NUMBER},
        [("type-widened", "additionalProperties.type", "widened")],
    ),
    (
        "all are allowed as before",
        {},
        {"additionalProperties": True},
        [("restated", "additionalProperties", "none")],
    ),
    (
        "extension keys",
        closed(a=TEXT),
        {**closed(a=TEXT), "patternProperties": {"^x-": {}}},
        [("pattern-property-added", "patternProperties.^x-", "widened")],
    ),
    (
        "a pattern of names where all were open",
        of(),
        {**of(), "patternProperties": {"^n": NUMBER}},
        [("pattern-property-added", "patternProperties.^n", "narrowed")],
    ),
    (
        "a property that a pattern may cover",
        {**closed(), "patternProperties": {"^a": NUMBER}},
        {**closed(ab=TEXT), "patternProperties": {"^a": NUMBER}},
        [("optional-property-added", "properties.ab", "unknown")],
    ),
    (
        "a pattern that may cover a property",
        closed(ab=TEXT),
        {**closed(ab=TEXT), "patternProperties": {"^a": NUMBER}},
        [("pattern-property-added", "patternProperties.^a", "unknown")],
    ),
    (
        "names are judged",
        {"type": "object"},
        {"type": "object", "propertyNames": {"maxLength": 3}},
        [("property-names-added", "propertyNames", "narrowed")],
    ),
    (
        "a property needs another",
        {},
        {"dependentRequired": {"a": ["b", "c"]}},
        [
            ("dependency-added", "dependentRequired.a", "narrowed"),
            ("dependency-added", "dependentRequired.a", "narrowed"),
        ],
    ),
    ("items", {"items": NUMBER}, {"items": INTEGER}, [("type-narrowed", "items.type", "narrowed")]),
    (
        "items get a schema",
        {"type": "array"},
        {"type": "array", "items": TEXT},
        [("items-added", "items", "narrowed")],
    ),
    (
        "a first item where none was",
        {"items": False},
        {"items": False, "prefixItems": [TEXT]},
        [("prefix-item-added", "prefixItems.0", "widened")],
    ),
    (
        "items differ",
        {"uniqueItems": False},
        {"uniqueItems": True},
        [("unique-items-added", "uniqueItems", "narrowed")],
    ),
    (
        "a bound on fitting items",
        {"contains": NUMBER, "maxContains": 2},
        {"contains": INTEGER, "maxContains": 2, "minContains": 0},
        [("contains-changed", "contains", "both"), ("bound-loosened", "minContains", "widened")],
    ),
    ("some fitting item", {}, {"contains": TEXT}, [("contains-added", "contains", "narrowed")]),
    ("a count of nothing", {}, {"minContains": 2}, [("restated", "minContains", "none")]),
    (
        "one more condition",
        {"allOf": [TEXT, {"minLength": 1}]},
        {"allOf": [TEXT, {"minLength": 1}, {"maxLength": 9}]},
        [("condition-added", "allOf.2", "narrowed")],
    ),
    ("a mere wrapping", TEXT, {"allOf": [TEXT]}, []),
    (
        "one more alternative",
        {"anyOf": [TEXT]},
        {"anyOf": [NULL, TEXT]},
        [("alternative-added", "anyOf.0", "widened")],
    ),
    ("or null", TEXT, {"anyOf": [TEXT, NULL]}, [("alternative-added", "anyOf.1", "widened")]),
    (
        "no longer null",
        {"anyOf": [TEXT, NULL]},
        TEXT,
        [("alternative-removed", "anyOf.1", "narrowed")],
    ),
    ("another order of alternatives", {"anyOf": [TEXT, NULL]}, {"anyOf": [NULL, TEXT]}, []),
    (
        "alternatives come",
        {},
        {"anyOf": [TEXT, NULL]},
        [("alternatives-added", "anyOf", "narrowed")],
    ),
    (
        "one of several that are told apart",
        {"oneOf": [CAT, DOG]},
        {"oneOf": [DOG, CAT_WITH_NAME]},
        [("optional-property-added", "oneOf.1.properties.name", "narrowed")],
    ),
    (
        "one of several that overlap",
        {"oneOf": [INTEGER, {"minimum": 3}]},
        {"oneOf": [INTEGER, {"minimum": 4}]},
        [("alternatives-changed", "oneOf", "unknown")],
    ),
    (
        "one of several that are told apart only if told",
        {"oneOf": [of(kind={"const": "cat"}), of(kind={"const": "dog"})]},
        {"oneOf": [of(kind={"const": "cat"}), of(kind={"const": "dog"}, age=INTEGER)]},
        [("alternatives-changed", "oneOf", "unknown")],
    ),
    (
        "one of several that overlap, described",
        {"oneOf": [INTEGER, {"minimum": 3}]},
        {"oneOf": [{"minimum": 3}, INTEGER], "title": "n"},
        [("described", "title", "none")],
    ),
    ("an exclusion", {}, {"not": TEXT}, [("exclusion-added", "not", "narrowed")]),
    (
        "a smaller exclusion",
        {"not": NUMBER},
        {"not": INTEGER},
        [("exclusion-changed", "not", "widened")],
    ),
    (
        "nothing is allowed",
        of(a=TEXT),
        of(a=False),
        [("optional-property-removed", "properties.a", "narrowed")],
    ),
    ("nothing at all", True, False, [("forbidden", "", "narrowed")]),
    ("something", False, TEXT, [("allowed", "", "widened")]),
    ("two ways to say anything", True, {}, []),
    (
        "remarks",
        {"default": 1, "title": "a", "format": "date", "x-a": 1},
        {"default": 2, "description": "b", "deprecated": True, "x-a": True},
        [
            ("default-changed", "default", "none"),
            ("deprecation-changed", "deprecated", "none"),
            ("described", "description", "none"),
            ("format-changed", "format", "none"),
            ("described", "title", "none"),
            ("extension-changed", "x-a", "none"),
        ],
    ),
    ("a default of null", {}, {"default": None}, [("default-added", "default", "none")]),
    ("another order of keys", {"minimum": 1, "maximum": 2}, {"maximum": 2, "minimum": 1}, []),
    ("a reference is what it stands for", TEXT, {"$ref": "#/$defs/a", "$defs": {"a": TEXT}}, []),
    (
        "a definition changes at its use",
        {**of(a={"$ref": "#/$defs/n"}), "$defs": {"n": INTEGER}},
        {**of(a={"$ref": "#/$defs/n"}), "$defs": {"n": NUMBER}},
        [("type-widened", "properties.a.type", "widened")],
    ),
    (
        "unused definitions",
        {"$defs": {"a": TEXT, "b": TEXT}},
        {"$defs": {"b": NULL, "c": TEXT}},
        [
            ("definition-removed", "$defs.a", "none"),
            ("definition-changed", "$defs.b", "none"),
            ("definition-added", "$defs.c", "none"),
        ],
    ),
    (
        "a reference with a bound beside it",
        {"$ref": "#/$defs/n", "minimum": 1, "$defs": {"n": INTEGER}},
        {"$ref": "#/$defs/n", "minimum": 2, "$defs": {"n": INTEGER}},
        [("bound-tightened", "minimum", "narrowed")],
    ),
    (
        "a reference with conditions beside it",
        {"$ref": "#/$defs/n", "allOf": [{"minimum": 1}], "$defs": {"n": INTEGER}},
        {"$ref": "#/$defs/n", "allOf": [{"minimum": 2}], "$defs": {"n": INTEGER}},
        [("bound-tightened", "allOf.0.minimum", "narrowed")],
    ),
    (
        "a schema that refers to itself",
        list_of(NUMBER),
        list_of(INTEGER),
        [("type-narrowed", "properties.item.type", "narrowed")],
    ),
    (
        "a schema that excludes itself",
        list_of({"minimum": 0, "not": {"$ref": "#/$defs/list"}}),
        list_of({"minimum": 1, "not": {"$ref": "#/$defs/list"}}),
        [
            ("bound-tightened", "properties.item.minimum", "narrowed"),
            ("exclusion-changed", "properties.item.not", "both"),
        ],
    ),
    ("another keyword", {}, {"if": TEXT}, [("undecided", "if", "unknown")]),
    (
        "a keyword that holds nonsense",
        {"required": True},
        {"required": False},
        [("undecided", "required", "unknown")],
    ),
    (
        "a reference to nothing",
        TEXT,
        {"$ref": "#/$defs/a"},
        [("type-widened", "type", "widened"), ("undecided", "$ref", "unknown")],
    ),
    (
        "no schema",
        None,
        TEXT,
        [("type-narrowed", "type", "narrowed"), ("undecided", "", "unknown")],
    ),
]


@pytest.mark.parametrize(
    ("base", "head", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_facts(base: Any, head: Any, expected: Facts) -> None:
    assert facts(base, head) == expected


@pytest.mark.parametrize(
    ("base", "head"), [case[1:3] for case in CASES], ids=[case[0] for case in CASES]
)
def test_swapped_sides_of_the_examples(base: Any, head: Any) -> None:
    assert _untouched(schema_changes(head, base)) == _mirror(schema_changes(base, head))


def test_every_kind_has_an_opposite_and_can_be_met() -> None:
    assert all(SCHEMA_KINDS[kind.opposite].opposite == name for name, kind in SCHEMA_KINDS.items())
    met = {kind for *_, expected in CASES for kind, _, _ in expected}
    met |= {SCHEMA_KINDS[kind].opposite for kind in met}
    assert set(SCHEMA_KINDS) - met == {"more-changed", "not-compared"}


def test_what_came_and_went_is_told() -> None:
    (change,) = schema_changes(of(), of(a=TEXT))
    assert (change.before, change.after) == (None, TEXT)
    (change,) = schema_changes({"enum": ["a", "b"]}, {"enum": ["b"]})
    assert (change.before, change.after) == ("a", None)
    (change,) = schema_changes({"minimum": 1}, {"minimum": 2})
    assert (change.before, change.after) == (1, 2)


# Bounds


def test_at_most_200_changes_are_listed_and_their_effect_is_whole() -> None:
    names = [f"p{number}" for number in range(300)]
    base = of(**dict.fromkeys(names, INTEGER), z=INTEGER)
    head = of(**dict.fromkeys(names, NUMBER), z=TEXT)
    changes = schema_changes(base, head)
    assert len(changes) == 200
    assert changes[-1].kind == "more-changed"
    assert total_effect(changes) is Effect.BOTH


def _nested(levels: int, leaf: Any) -> Any:
    for _ in range(levels):
        leaf = {"items": leaf}
    return leaf


@pytest.mark.parametrize("levels", [31, 40, 120, 5_000])
def test_deep_schemas_are_compared_or_said_to_be_too_deep(levels: int) -> None:
    base, head = _nested(levels, INTEGER), _nested(levels, NUMBER)
    (change,) = schema_changes(base, head)
    expected = ("type-widened", Effect.WIDENED) if levels < 32 else ("not-compared", Effect.UNKNOWN)
    assert (change.kind, change.effect) == expected
    assert schema_changes(base, base) == ()


def test_references_that_multiply_are_compared_once() -> None:
    def chain(leaf: Any) -> Any:
        defs = {"d0": leaf}
        for number in range(1, 31):
            link = {"$ref": f"#/$defs/d{number - 1}"}
            defs[f"d{number}"] = of(left=link, right=link)
        return {"$ref": "#/$defs/d30", "$defs": defs}

    changes = schema_changes(chain(INTEGER), chain(NUMBER))
    assert len(changes) == 200
    assert total_effect(changes) is Effect.WIDENED


def test_references_in_a_circle_end() -> None:
    circle: Any = {
        "$ref": "#/$defs/a",
        "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}},
    }
    assert total_effect(schema_changes(circle, TEXT)) is Effect.UNKNOWN
    within: Any = {"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}, NULL]}}}
    assert total_effect(schema_changes(TEXT, within)) is not Effect.NONE


# Laws

NAMES = ("a", "b", "xa")
_names = st.lists(st.sampled_from(NAMES), unique=True, max_size=2)
_numbers = st.sampled_from([-1, 0, 1, 1.5, 2, 3])
_counts = st.integers(0, 2)
_types = st.sampled_from(["null", "boolean", "string", "array", "object", "integer", "number"])
_scalars = st.sampled_from([None, True, False, 0, 1, 1.0, 1.5, 2, "", "a", "ab", "xa"])
_anywhere = st.sampled_from([{"$ref": "#/$defs/A"}, {"$ref": "#/$defs/B"}])


def _inner() -> st.SearchStrategy[Any]:
    """Schemas of parts of a value, which may refer to any definition."""
    return st.deferred(lambda: st.one_of(_leaves, _anywhere, _schemas))


def _same_value() -> st.SearchStrategy[Any]:
    """Schemas of the same value, which may not refer: that could go round in a circle."""
    return st.deferred(lambda: st.one_of(_leaves, _schemas))


_leaves = st.one_of(
    st.booleans(),
    st.builds(lambda name: {"type": name}, _types),
    st.builds(lambda values: {"enum": values}, st.lists(_scalars, min_size=1, max_size=3)),
)
KEYWORDS: dict[str, st.SearchStrategy[Any]] = {
    "type": st.one_of(_types, st.lists(_types, min_size=1, max_size=3, unique=True)),
    "enum": st.lists(_scalars, min_size=1, max_size=4),
    "const": _scalars,
    "properties": st.dictionaries(st.sampled_from(NAMES), _inner(), max_size=3),
    "required": _names,
    "additionalProperties": _inner(),
    "patternProperties": st.dictionaries(st.sampled_from(["^x", "a"]), _inner(), max_size=2),
    "propertyNames": st.sampled_from([{"maxLength": 1}, {"pattern": "^x"}, {"enum": ["a"]}]),
    "dependentRequired": st.dictionaries(st.sampled_from(NAMES), _names, max_size=2),
    "minProperties": _counts,
    "maxProperties": _counts,
    "items": _inner(),
    "prefixItems": st.lists(_inner(), min_size=1, max_size=2),
    "contains": _inner(),
    "minContains": _counts,
    "maxContains": _counts,
    "minItems": _counts,
    "maxItems": _counts,
    "uniqueItems": st.booleans(),
    "minLength": _counts,
    "maxLength": _counts,
    "pattern": st.sampled_from(["a", "^a", "b$"]),
    "minimum": _numbers,
    "maximum": _numbers,
    "exclusiveMinimum": _numbers,
    "exclusiveMaximum": _numbers,
    "multipleOf": st.sampled_from([0.5, 1, 2, 3]),
    "allOf": st.lists(_same_value(), min_size=1, max_size=2),
    "anyOf": st.lists(_same_value(), min_size=1, max_size=3),
    "oneOf": st.lists(_same_value(), min_size=1, max_size=3),
    "not": _same_value(),
    "default": _scalars,
    "description": st.sampled_from(["one", "two"]),
}


@st.composite
def _objects(draw: st.DrawFn) -> dict[str, Any]:
    keywords = draw(st.lists(st.sampled_from(sorted(KEYWORDS)), max_size=4, unique=True))
    return {keyword: draw(KEYWORDS[keyword]) for keyword in keywords}


_schemas = _objects()


@st.composite
def _roots(draw: st.DrawFn) -> dict[str, Any]:
    root = draw(st.one_of(_schemas, _anywhere))
    return {**root, "$defs": {"A": draw(_schemas), "B": draw(_schemas)}}


MAPPINGS = ("properties", "patternProperties", "$defs")
LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
SINGLES = ("additionalProperties", "items", "contains", "not")


def _places(schema: Any) -> list[dict[str, Any]]:
    """The schema and all schemas in it that can be edited."""
    if not isinstance(schema, dict):
        return []
    parts = [part for key in MAPPINGS for part in schema.get(key, {}).values()]
    parts += [part for key in LISTS for part in schema.get(key, [])]
    parts += [schema[key] for key in SINGLES if key in schema]
    return [schema, *(place for part in parts for place in _places(part))]


@st.composite
def _pairs(draw: st.DrawFn) -> tuple[Any, Any]:
    """A schema and a version of it with a few edits."""
    base = copy.deepcopy(draw(_roots()))  # what is drawn may be shared
    head = copy.deepcopy(base)
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.sampled_from(_places(head)))
        there = sorted(set(place) & set(KEYWORDS))
        if bool(there) and draw(st.booleans()):
            keyword = draw(st.sampled_from(there))
            del place[keyword]
            if draw(st.booleans()):
                place[keyword] = copy.deepcopy(draw(KEYWORDS[keyword]))
        else:
            keyword = draw(st.sampled_from(sorted(KEYWORDS)))
            place[keyword] = copy.deepcopy(draw(KEYWORDS[keyword]))
    return (base, head) if draw(st.booleans()) else (head, base)


def _values() -> list[Any]:
    """Every small value that the schemas above can tell apart."""
    scalars: list[Any] = [None, True, False, -2, -1, 0, 0.5, 1, 1.25, 1.5, 2, 2.5, 3, 4, 6]
    scalars += ["", "a", "b", "ab", "ba", "xa", "aaa"]
    few: list[Any] = [None, True, 0, 1, 1.5, 3, "", "ab", [], [1], {}, {"a": 1}, {"b": "ab"}]
    lists = [[], *([one] for one in scalars), *([one, two] for one in few for two in few)]
    lists += [[1, "ab", one] for one in few]
    names = (*NAMES, "b2", "xb")
    single = [{name: one} for name in names for one in [*scalars, *few, [[1]], {"a": {"a": 1}}]]
    double = [{"a": one, name: two} for name in names[1:] for one in few for two in few]
    return [*scalars, {}, *lists, *single, *double, {"a": 1, "b": 1, "xa": 1}]


VALUES = _values()
_drawn = st.recursive(
    _scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(NAMES), inner, max_size=3)
    ),
    max_leaves=8,
)


def _untouched(changes: tuple[SchemaChange, ...]) -> list[str]:
    return sorted(
        json.dumps([one.kind, one.effect, one.before, one.after], sort_keys=True) for one in changes
    )


def _mirror(changes: tuple[SchemaChange, ...]) -> list[str]:
    return _untouched(
        tuple(
            SchemaChange(
                SCHEMA_KINDS[one.kind].opposite,
                one.route,
                one.after,
                one.before,
                mirrored(one.effect),
            )
            for one in changes
        )
    )


@settings(deadline=None, max_examples=300)
@given(_pairs(), st.lists(_drawn, max_size=10))
def test_effects_hold_for_values(pair: tuple[Any, Any], more: list[Any]) -> None:
    base, head = (jsonschema_rs.Draft202012Validator(schema) for schema in pair)
    effect = total_effect(schema_changes(*pair))
    for value in [*VALUES, *more]:
        before, after = base.is_valid(value), head.is_valid(value)
        if effect in {Effect.NARROWED, Effect.NONE}:
            assert before or not after, value
        if effect in {Effect.WIDENED, Effect.NONE}:
            assert after or not before, value


@settings(deadline=None, max_examples=200)
@given(_pairs())
def test_swapped_sides_mirror_the_facts(pair: tuple[Any, Any]) -> None:
    base, head = pair
    assert _untouched(schema_changes(head, base)) == _mirror(schema_changes(base, head))


@settings(deadline=None, max_examples=100)
@given(_roots(), st.randoms(use_true_random=False))
def test_a_schema_is_what_it_is_in_any_order_of_keys(schema: Any, random: Any) -> None:
    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            keys = random.sample(sorted(value), len(value))
            return {key: shuffled(value[key]) for key in keys}
        return [shuffled(one) for one in value] if isinstance(value, list) else value

    assert schema_changes(schema, shuffled(schema)) == ()


@settings(deadline=None, max_examples=200)
@given(_pairs())
def test_what_changes_is_told(pair: tuple[Any, Any]) -> None:
    base, head = (jsonschema_rs.Draft202012Validator(schema) for schema in pair)
    differs = any(base.is_valid(value) != head.is_valid(value) for value in VALUES)
    assert not differs or total_effect(schema_changes(*pair)) is not Effect.NONE


_json = st.recursive(
    _scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from([*KEYWORDS, "$ref", "$defs", "if", "A"]), inner, max_size=3
        ),
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=300)
@given(_json, _json)
def test_nothing_raises_whatever_is_written(base: Any, head: Any) -> None:
    changes = schema_changes(base, head)
    assert _untouched(schema_changes(head, base)) == _mirror(changes)
    assert schema_changes(base, copy.deepcopy(base)) == ()
    assert {one.kind for one in changes} <= set(SCHEMA_KINDS)


@given(*[st.lists(st.sampled_from(Effect))] * 2)
def test_effects_join_in_any_grouping(one: list[Effect], other: list[Effect]) -> None:
    assert joined([*one, *other]) is joined([joined(other), joined(one)])
    assert mirrored(joined(one)) is joined(map(mirrored, one))
