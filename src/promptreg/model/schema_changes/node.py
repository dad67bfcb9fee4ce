"""A schema object with its keywords sorted out, and what it says of types and listed values."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TypeAlias, cast

from promptreg.model.data import Json
from promptreg.model.schema_changes.keywords import ALL_TYPES, TYPES, is_remark, is_understood

Schema: TypeAlias = "dict[str, Json]"

ANYTHING: Json = True
NOTHING: Json = False
"""The schemas that accept every value, and none."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A schema object. `keywords` has those that are understood, `odd` all others.

    `declared` is what `type` allows; `allowed` the values that `enum`, `const` and `type` leave
    (None: they are not listed); `types` the types that values may have by all three.
    """

    keywords: Schema
    odd: Schema
    declared: frozenset[str]
    allowed: dict[Hashable, Json] | None
    types: frozenset[str]

    def mapping(self, keyword: str) -> Schema:
        """The mapping at a keyword, empty where there is none."""
        return cast("Schema", self.keywords.get(keyword) or {})

    def listed(self, keyword: str) -> list[Json]:
        """The list at a keyword, empty where there is none."""
        return cast("list[Json]", self.keywords.get(keyword) or [])

    def names(self, keyword: str) -> frozenset[str]:
        """The texts in the list at a keyword."""
        return frozenset(cast("list[str]", self.listed(keyword)))

    def number(self, keyword: str) -> int | float | None:
        """The number at a keyword, or None."""
        return cast("int | float | None", self.keywords.get(keyword))

    @property
    def constraints(self) -> Schema:
        """All that may refuse a value."""
        own = {key: value for key, value in self.keywords.items() if not is_remark(key)}
        return own | self.odd

    @property
    def work(self) -> int:
        """About how much there is to look at, apart from what lies deeper."""
        values = (*self.keywords.values(), *self.odd.values())
        return 1 + sum(len(value) if isinstance(value, dict | list) else 1 for value in values)


def frozen(value: Json) -> Hashable:
    """A key that two values share where JSON takes them for equal: 1 and 1.0, not 1 and true."""
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, dict):
        return ("object", tuple((key, frozen(value[key])) for key in sorted(value)))
    if isinstance(value, list):
        return ("array", tuple(map(frozen, value)))
    return value


def make_node(schema: Schema) -> Node:
    """A schema whose references in place have been followed, sorted out."""
    known = {key: value for key, value in schema.items() if is_understood(key, value)}
    odd = {key: value for key, value in schema.items() if key not in known}
    declared = _declared(known.get("type"))
    allowed = _allowed(known, declared)
    types = declared if allowed is None else frozenset(map(type_of, allowed.values()))
    return Node(known, odd, declared, allowed, types)


def type_of(value: Json) -> str:
    """The type of a value, among ALL_TYPES."""
    if isinstance(value, float):
        return "integer" if value.is_integer() else "fraction"
    names = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer"}
    return names.get(type(value), "null")


def _declared(word: Json) -> frozenset[str]:
    if word is None:
        return ALL_TYPES
    names = cast("list[str]", word if isinstance(word, list) else [word])
    return frozenset[str]().union(*(TYPES[name] for name in names))


def _allowed(known: Schema, declared: frozenset[str]) -> dict[Hashable, Json] | None:
    lists = [
        known[key] if key == "enum" else [known[key]] for key in ("enum", "const") if key in known
    ]
    if not lists:
        return None
    first, *others = ({frozen(value): value for value in cast("list[Json]", one)} for one in lists)
    return {
        key: value
        for key, value in first.items()
        if all(key in other for other in others) and type_of(value) in declared
    }
