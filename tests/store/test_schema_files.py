"""The schemas as files: valid, closed, described, and alike where they say the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest

from promptreg.store.schema_files import KINDS, schema_of, schema_text

FOLDER = Path(__file__).parents[2] / "schemas"


MAPS = ("properties", "patternProperties", "$defs")
SINGLES = ("items", "additionalProperties", "propertyNames", "then", "else")
LISTS = ("oneOf", "allOf")


def properties(node: Any, where: str = "#") -> Iterator[tuple[str, Any]]:
    """Every property and definition within a schema, with its place."""
    if not isinstance(node, dict):
        return
    for keyword in MAPS:
        for name, inner in node.get(keyword, {}).items():
            yield f"{where}/{keyword}/{name}", inner
            yield from properties(inner, f"{where}/{keyword}/{name}")
    for keyword in SINGLES:
        yield from properties(node.get(keyword), f"{where}/{keyword}")
    for keyword in LISTS:
        for index, inner in enumerate(node.get(keyword, ())):
            yield from properties(inner, f"{where}/{keyword}/{index}")


def test_each_kind_has_a_file_and_each_file_a_kind() -> None:
    assert {f"{kind.lower()}.schema.json" for kind in KINDS} == {
        path.name for path in FOLDER.glob("*.json") if not path.name.startswith("output")
    }


@pytest.mark.parametrize("kind", KINDS)
def test_schemas_are_valid_for_both_engines(kind: str) -> None:
    schema = json.loads(schema_text(kind))
    jsonschema.Draft202012Validator.check_schema(schema)
    assert jsonschema_rs.meta.is_valid(schema)
    jsonschema_rs.Draft202012Validator(schema, pattern_options=jsonschema_rs.RegexOptions())
    assert schema["$id"] == f"urn:promptreg:schema:v1:{kind.lower()}"
    assert schema["properties"]["kind"]["const"] == kind


@pytest.mark.parametrize("kind", KINDS)
def test_every_property_is_described_in_a_sentence(kind: str) -> None:
    schema = schema_of(kind)
    for where, node in properties(schema):
        text = node.get("description", "")
        if not text and "$ref" in node:
            target: Any = schema
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            text = target.get("description", "")
        assert text.endswith("."), where
        assert text[0].isupper(), where


@pytest.mark.parametrize("kind", KINDS)
def test_objects_are_closed_or_say_what_else_they_hold(kind: str) -> None:
    schema = schema_of(kind)
    open_on_purpose = {"#/$defs/parameters", "#/$defs/part"}
    for where, node in [("#", schema), *properties(schema)]:
        is_map = isinstance(node, dict) and node.get("type") == "object"
        if is_map and "additionalProperties" not in node and "then" not in node:
            assert where in open_on_purpose


def test_definitions_of_one_name_are_the_same_everywhere() -> None:
    seen: dict[str, Any] = {}
    for kind in KINDS:
        definitions = schema_of(kind)["$defs"]
        assert isinstance(definitions, dict)
        for name, definition in definitions.items():
            assert seen.setdefault(name, definition) == definition, name


@pytest.mark.parametrize("kind", KINDS)
def test_files_are_formatted_as_an_editor_would(kind: str) -> None:
    text = schema_text(kind)
    assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"
