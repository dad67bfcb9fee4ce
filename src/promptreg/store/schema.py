"""Documents against our schemas, and values against the schemas that users write."""

from __future__ import annotations

import json
import marshal
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from promptreg.model.data import Json, Route
from promptreg.store.schema_engine import BadSchemaError, Engine, Failure, compile_schema
from promptreg.store.schema_files import schema_of
from promptreg.store.schema_subset import MOST_VALUE_DEPTH, is_deeper, schema_problems
from promptreg.store.schema_words import Violation, explain

__all__ = ["Violation", "input_schema", "judge", "schema_problems", "usable_input", "violations"]

MOST_VIOLATIONS = 50
"""Neither `violations` nor `judge` give more than this."""


def violations(kind: str, document: Json) -> tuple[Violation, ...]:
    """Where `document` doesn't fit the schema of `kind`, one of `schema_files.KINDS`."""
    return _collect(_own(kind)(document), schema_of(kind), "the document")


def judge(schema: Json, value: Json) -> tuple[Violation, ...]:
    """Where `value` doesn't fit a user's schema in which `schema_problems` finds nothing.

    Patterns run in linear time where jsonschema-rs is installed.
    """
    if isinstance(value, dict | list) and is_deeper(value, MOST_VALUE_DEPTH):
        message = f"the value has more than {MOST_VALUE_DEPTH} levels of nesting"
        return (Violation((), message, "nest less", "depth"),)
    try:
        engine = _engine(schema)
    except BadSchemaError as error:
        return (Violation((), f"the schema can't be used: {str(error)[:200]}", "", "schema"),)
    return _collect(engine(value), schema, "the value")


def input_schema(declared: dict[str, Json]) -> dict[str, Json]:
    """The JSON Schema in an input's declaration: without our own keys and extensions."""
    return {
        key: value
        for key, value in declared.items()
        if key not in ("required", "untrusted") and not key.startswith("x-")
    }


def usable_input(declared: dict[str, Json]) -> tuple[Json, str]:
    """The `input_schema` of a declaration, and why it can't be used: empty where it can.

    The schema is shared by all who ask for the same declaration: don't change it.
    """
    key = _key(declared)
    return _usable(declared) if key is None else _usable_known(key)


@lru_cache(maxsize=1024)
def _usable_known(key: bytes) -> tuple[Json, str]:
    return _usable(_unpacked(key))


def _usable(declared: dict[str, Json]) -> tuple[Json, str]:
    schema: Json = input_schema(declared)
    problems = schema_problems(schema, ())
    return schema, problems[0].message if problems else ""


def _collect(failures: Iterable[Failure], schema: Json, root: str) -> tuple[Violation, ...]:
    # Route and key are what a finding's fingerprint is made of.
    found: dict[tuple[Route, str], Violation] = {}
    for failure in islice(failures, MOST_VIOLATIONS * 4):
        for violation in explain(failure, schema, root):
            found.setdefault((violation.route, violation.key), violation)
        if len(found) >= MOST_VIOLATIONS:
            break
    return tuple(islice(_plainest(found), MOST_VIOLATIONS)) if found else ()


def _plainest(found: dict[tuple[Route, str], Violation]) -> Iterator[Violation]:
    """Of several violations by one value only the one that says most."""
    best: dict[Route, int] = {}
    for route, key in found:
        if key in _RANK:
            best[route] = min(best.get(route, len(_RANK)), _RANK[key])
    for (route, key), violation in found.items():
        if key not in _RANK or _RANK[key] == best[route]:
            yield violation


_VALUE = ("type", "const", "enum", "not", "pattern", "format", "minLength", "maxLength")
_RANK = {keyword: rank for rank, keyword in enumerate(_VALUE)}


@cache
def _own(kind: str) -> Engine:
    return compile_schema(schema_of(kind), formats=True)


def _engine(schema: Json) -> Engine:
    key = _key(schema)
    return _compiled(json.dumps(schema, sort_keys=True)) if key is None else _engine_known(key)


@lru_cache(maxsize=1024)
def _engine_known(key: bytes) -> Engine:
    return _compiled(json.dumps(_unpacked(key), sort_keys=True))


def _key(schema: Json) -> bytes | None:
    """Bytes that only equal schemas have; None where they are too long to be kept.

    They find again what was made of a schema. Canonical JSON takes longer than judging a value.
    """
    try:
        key = marshal.dumps(schema, _NO_REFERENCES)
    except ValueError:  # nested too deeply for it, or no plain data
        return None
    return key if len(key) <= _MOST_KEPT else None


def _unpacked(key: bytes) -> Any:
    return marshal.loads(key)  # noqa: S302 - bytes that `_key` made in this process


_NO_REFERENCES = 2
"""The version of `marshal` that writes the same data as the same bytes, whoever else holds it."""
_MOST_KEPT = 4_000


@lru_cache(maxsize=256)
def _compiled(canonical: str) -> Engine:
    return compile_schema(json.loads(canonical))
