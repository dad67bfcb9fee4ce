"""The keywords that are understood, the shapes of their values, and the types that they name."""

from __future__ import annotations

from collections.abc import Callable

from promptreg.model.data import Json

TYPES = {
    "null": frozenset({"null"}),
    "boolean": frozenset({"boolean"}),
    "string": frozenset({"string"}),
    "array": frozenset({"array"}),
    "object": frozenset({"object"}),
    "integer": frozenset({"integer"}),
    "number": frozenset({"integer", "fraction"}),
}
ALL_TYPES: frozenset[str] = frozenset().union(*TYPES.values())
"""The types of values; `number` is taken apart, so that an integer is one kind of number."""

_REMARKS = frozenset(
    ("$schema", "$comment", "title", "description", "examples", "default", "deprecated", "format")
)


def is_remark(keyword: str) -> bool:
    """Whether a keyword refuses no value."""
    return keyword in _REMARKS or keyword.startswith("x-")


def is_understood(keyword: str, value: Json) -> bool:
    """Whether a keyword is one of the subset, and holds what it should."""
    judge = _SHAPES.get(keyword)
    return is_remark(keyword) if judge is None else judge(value)


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_divisor(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _is_list(value: Json) -> bool:
    return isinstance(value, list)


def _is_full_list(value: Json) -> bool:
    return isinstance(value, list) and bool(value)


def _is_names(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_mapping(value: Json) -> bool:
    return isinstance(value, dict)


def _is_names_by_name(value: Json) -> bool:
    return isinstance(value, dict) and all(map(_is_names, value.values()))


def _is_schema(value: Json) -> bool:
    return isinstance(value, dict | bool)


def _is_type(value: Json) -> bool:
    names = value if isinstance(value, list) else [value]
    return all(isinstance(name, str) and name in TYPES for name in names)


_SHAPES: dict[str, Callable[[Json], bool]] = {
    "type": _is_type,
    "enum": _is_list,
    "const": lambda _: True,
    "uniqueItems": lambda value: isinstance(value, bool),
    "pattern": lambda value: isinstance(value, str),
    "required": _is_names,
    "dependentRequired": _is_names_by_name,
    "multipleOf": _is_divisor,
    **dict.fromkeys(("properties", "patternProperties"), _is_mapping),
    **dict.fromkeys(("additionalProperties", "propertyNames", "items", "contains"), _is_schema),
    **dict.fromkeys(("not",), _is_schema),
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), _is_full_list),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), _is_number),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), _is_number),
    **dict.fromkeys(("minProperties", "maxProperties"), _is_number),
    **dict.fromkeys(("minContains", "maxContains"), _is_number),
}
