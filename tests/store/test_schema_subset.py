"""Schemas that users write: the subset, its bounds, and values judged by them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.model.data import Json, Route
from promptreg.store.schema import input_schema, judge, schema_problems

FINE: dict[str, Json] = {
    "empty": {},
    "true": True,
    "enum": {"type": "string", "enum": ["a", "b"], "default": "a"},
    "nested": {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "integer"}}}},
    "pattern": {"pattern": r"^[A-Z][a-z]+\d{2}$"},
    "unicode pattern": {"pattern": r"^\p{L}+$"},
    "tree": {"$ref": "#/$defs/node", "$defs": {"node": {"properties": {"left": {"$ref": "#/$defs/node"}}}}},
    "dialect": {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "string"},
    "extension": {"type": "string", "x-widget": {"rows": 3}},
    "an enum that looks like a schema": {"enum": [{"$ref": "#/$defs/nothing"}, {"pattern": "("}]},
}  # fmt: skip


@pytest.mark.parametrize("schema", FINE.values(), ids=FINE)
def test_the_subset_is_enough(schema: Json) -> None:
    assert schema_problems(schema, ("inputs", "a")) == ()


def deep(levels: int) -> Json:
    schema: Json = {}
    for _ in range(levels):
        schema = {"items": schema}
    return schema


BAD: dict[str, tuple[Json, Route, str]] = {
    "text": ("string", (), "JSON Schema"),
    "unknown keyword": ({"minLenght": 1}, ("minLenght",), "unknown"),
    "id": ({"$id": "http://example.com/a"}, ("$id",), "unknown"),
    "anchor": ({"items": {"$anchor": "a"}}, ("items", "$anchor"), "unknown"),
    "dynamic": ({"$dynamicRef": "#a"}, ("$dynamicRef",), "unknown"),
    "other dialect": ({"$schema": "http://example.com/s"}, ("$schema",), "2020-12"),
    "far": ({"$ref": "http://example.com/s"}, ("$ref",), "#/$defs/step"),
    "a file": ({"$ref": "file:///etc/passwd"}, ("$ref",), "#/$defs/step"),
    "itself": ({"$ref": "#"}, ("$ref",), "#/$defs/step"),
    "nothing": ({"items": {"$ref": "#/$defs/x"}}, ("items", "$ref"), "names nothing"),
    "a circle": ({"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"allOf": [{"$ref": "#/$defs/a"}]}}}, ("$defs",), "circle"),
    "a circle of one": ({"$defs": {"a": {"not": {"$ref": "#/$defs/a"}}}}, ("$defs",), "circle"),
    "fan-out": ({"$ref": "#/$defs/d24", "$defs": {"d0": {}, **{f"d{n}": {"anyOf": [{"$ref": f"#/$defs/d{n - 1}"}] * 2} for n in range(1, 25)}}}, (), "branches"),
    "look-ahead": ({"pattern": "(?=a)b"}, ("pattern",), "linear"),
    "look-behind": ({"pattern": "(?<!a)b"}, ("pattern",), "linear"),
    "back-reference": ({"pattern": r"(a)\1"}, ("pattern",), "linear"),
    "broken pattern": ({"properties": {"a": {"pattern": "("}}}, ("properties", "a", "pattern"), "linear"),
    "huge pattern": ({"pattern": "((a{1000}){1000}){1000}"}, ("pattern",), "linear"),
    "broken key pattern": ({"patternProperties": {"[": {}}}, ("patternProperties", "["), "linear"),
    "type": ({"type": "strng"}, ("type",), "strng"),
    "multiple of zero": ({"multipleOf": 0}, ("multipleOf",), "more than 0"),
    "properties list": ({"properties": []}, ("properties",), "a mapping"),
    "negative length": ({"minLength": -1}, ("minLength",), "at least 0"),
    "deep": (deep(40), (), "levels"),
    "very deep": (deep(5000), (), "levels"),
    "large": ({"enum": list(range(2001))}, (), "2000 values"),
}  # fmt: skip


@pytest.mark.parametrize(("schema", "route", "says"), BAD.values(), ids=BAD)
def test_what_is_outside_is_named(schema: Json, route: Route, says: str) -> None:
    found = schema_problems(schema, ("tools", 0, "parameters"))
    assert found[0].route == ("tools", 0, "parameters", *route)
    assert says in found[0].message


def test_an_input_is_a_schema_without_our_keys() -> None:
    declared: dict[str, Json] = {"type": "object", "required": True, "untrusted": True, "x-a": 1}
    assert input_schema(declared) == {"type": "object"}


JUDGED: list[tuple[Json, Json, Route, str]] = [
    ({"type": "string"}, 5, (), "the value has to be text, not the number `5`"),
    ({"items": {"maximum": 3}}, [1, 9], (1,), "`[1]` is `9`; it may be at most 3"),
    ({"properties": {"a": {"enum": ["x"]}}}, {"a": "y"}, ("a",), "has to be `x`"),
    ({"required": ["a"]}, {}, (), "`a` is missing"),
    ({"additionalProperties": False, "properties": {"abc": {}}}, {"abd": 1}, ("abd",), "unknown"),
    ({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "integer"}}]}, [1, "x"], (1,), "whole number"),
    ({"oneOf": [{"type": "string"}, {"minLength": 1}]}, "x", (), "more than one"),
    ({"oneOf": [{"properties": {"t": {"const": "a"}, "n": {"type": "integer"}}}, {"properties": {"t": {"const": "b"}}}]}, {"t": "a", "n": "x"}, ("n",), "whole number"),
    ({"not": {"type": "string"}}, "x", (), "must not fit"),
    ({"uniqueItems": True}, [1, 1], (), "twice"),
    ({"contains": {"const": 1}}, [2], (), "lacks an item"),
    ({"prefixItems": [{}], "items": False}, [1, 2], (1,), "not allowed here"),
    ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, (), "`b` is missing"),
    ({"propertyNames": {"pattern": "^[a-z]+$"}}, {"A": 1}, ("A",), "the key `A`"),
    ({"pattern": "^a$"}, "a\n", (), "`^a$`"),
    (False, 1, (), "not allowed"),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "value", "route", "says"), JUDGED)
def test_values_are_judged_in_plain_words(
    schema: Json, value: Json, route: Route, says: str
) -> None:
    assert schema_problems(schema, ()) == ()
    (one,) = judge(schema, value)
    assert one.route == route
    assert says in one.message


def test_a_pattern_runs_in_linear_time() -> None:
    assert judge({"pattern": "^(a+)+$"}, "a" * 50_000 + "!")
    assert judge({"patternProperties": {"^(a+)+$": False}}, {"a" * 5_000 + "!": 1}) == ()


def test_a_value_of_any_depth_is_a_clean_answer() -> None:
    value: Json = []
    for _ in range(100_000):
        value = [value]
    (one,) = judge({}, value)
    assert one.key == "depth"


def test_a_schema_that_was_never_checked_is_a_clean_answer() -> None:
    (one,) = judge({"$ref": "http://example.com/s"}, 1)
    assert one.key == "schema"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["string", "a", "#/$defs/a", "("]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["type", "items", "properties", "$ref", "$defs", "a", "anyOf", "enum", "pattern", "not", "required", "minimum"]),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@given(_JSON, _JSON)
@settings(deadline=None, max_examples=300)
def test_any_schema_is_refused_or_can_be_used(schema: Any, value: Any) -> None:
    if schema_problems(schema, ()) == ():
        assert all(one.key != "schema" for one in judge(schema, value))
