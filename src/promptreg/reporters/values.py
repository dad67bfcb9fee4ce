"""Results as JSON: the keys are the field names, the order is theirs."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from promptreg.model.data import Json
from promptreg.model.finding import Severity
from promptreg.model.version import Bump, Range, Version
from promptreg.reporters.printable import quiet_json


def as_json(value: object) -> Json:
    """A frozen value as plain data: enumerations by their words, versions as text."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, (Severity, Bump)):
        return value.word
    if isinstance(value, (Version, Range)):
        return str(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return _composed(value)


def json_text(value: object) -> str:
    """`value` as indented JSON with a final newline, in which no character can act.

    A byte that was not UTF-8 is escaped as the half surrogate that carries it.
    """
    text = json.dumps(as_json(value), ensure_ascii=False, indent=2, allow_nan=False)
    return quiet_json(text) + "\n"


def result_text(verb: str, result: object) -> str:
    """A command's result as JSON that names its schema, `schemas/output/VERB.schema.json`."""
    plain = as_json(result)
    if not isinstance(plain, dict):
        raise TypeError(f"the result of {verb} is no record")
    return json_text({"schema": f"promptreg/{verb}/v1", **plain})


def _composed(value: object) -> Json:
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, (tuple, list, set, frozenset)):
        return [as_json(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields: Any = dataclasses.fields(value)
        return {field.name: as_json(getattr(value, field.name)) for field in fields}
    raise TypeError(f"{type(value).__name__} has no JSON form")
