from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from promptreg.commands.schema import schema, schema_names
from promptreg.errors import UsageError


@pytest.mark.parametrize("name", schema_names())
def test_each_schema_is_one(name: str) -> None:
    document = json.loads(schema(name))
    Draft202012Validator.check_schema(document)
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_case_does_not_count() -> None:
    assert schema("Prompt") == schema("prompt")


def test_output_schemas_are_among_them() -> None:
    assert {"output/list", "output/show"} <= set(schema_names())


@pytest.mark.parametrize(
    ("name", "hint"),
    [("pormpt", "did you mean `prompt`"), ("output/lst", "did you mean `output/list`")],
)
def test_an_unknown_one_names_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(UsageError, match="there is no schema") as raised:
        schema(name)
    assert raised.value.hint.startswith(hint)


def test_no_path_leads_out() -> None:
    with pytest.raises(UsageError):
        schema("output/../prompt")
