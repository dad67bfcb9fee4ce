"""The JSON Schemas of our own documents, as files: one for each kind."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from promptreg.model.data import Json

KINDS = (
    "Agent",
    "Approval",
    "Change",
    "Environment",
    "Experiment",
    "Lock",
    "Policy",
    "Prompt",
    "Registry",
)
"""The kinds of documents that have a schema."""

_ENDING = ".schema.json"


@cache
def schema_text(kind: str) -> str:
    """The schema of a kind among KINDS, as it is shipped."""
    return (schema_folder() / f"{kind.lower()}.schema.json").read_text(encoding="utf-8")


@cache
def schema_of(kind: str) -> dict[str, Json]:
    """The schema of a kind among KINDS, as data that nobody changes."""
    import json  # noqa: PLC0415 - whoever only prints a schema does without

    data: dict[str, Json] = json.loads(schema_text(kind))
    return data


def output_kinds() -> tuple[str, ...]:
    """The commands whose JSON output has a schema, sorted."""
    return tuple(sorted(path.name.removesuffix(_ENDING) for path in _outputs().glob("*" + _ENDING)))


def output_schema_text(verb: str) -> str:
    """The schema of a command's JSON output, one of `output_kinds()`, as it is shipped."""
    return (_outputs() / f"{verb}{_ENDING}").read_text(encoding="utf-8")


@cache
def user_schema() -> dict[str, Json]:
    """The schema of the JSON Schemas that users write: the subset that is allowed."""
    prompt = schema_of("Prompt")
    return {"$ref": "#/$defs/jsonSchema", "$defs": prompt["$defs"]}


def schema_folder() -> Path:
    """Inside the package where it was installed, at the top of the repository where it is edited."""
    package = Path(__file__).parents[1]
    shipped = package / "schemas"
    return shipped if shipped.is_dir() else package.parents[1] / "schemas"


def _outputs() -> Path:
    return schema_folder() / "output"
