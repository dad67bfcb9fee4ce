"""Documents against our schemas, and values against the schemas that users write."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import islice

from promptreg.model.data import Json, Route
from promptreg.store.schema_engine import BadSchemaError, Engine, Failure, compile_schema
from promptreg.store.schema_files import schema_of
from promptreg.store.schema_subset import MOST_VALUE_DEPTH, is_deeper, schema_problems
from promptreg.store.schema_words import Violation, explain

__all__ = ["Violation", "input_schema", "judge", "schema_problems", "violations"]

MOST_VIOLATIONS = 50
"""Neither `violations` nor `judge` give more than this."""


def violations(kind: str, document: Json) -> tuple[Violation, ...]:
    """Where `document` doesn't fit the schema of `kind`, one of `schema_files.KINDS`."""
    return _collect(_own(kind)(document), schema_of(kind), "the document")


def judge(schema: Json, value: Json) -> tuple[Violation, ...]:
    """Where `value` doesn't fit a user's schema in which `schema_problems` finds nothing.

    Patterns run in linear time where jsonschema-rs is installed.
    """
    if is_deeper(value, MOST_VALUE_DEPTH):
        message = f"the value has more than {MOST_VALUE_DEPTH} levels of nesting"
        return (Violation((), message, "nest less", "depth"),)
    try:
        engine = _compiled(json.dumps(schema, sort_keys=True))
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


def _collect(failures: Iterable[Failure], schema: Json, root: str) -> tuple[Violation, ...]:
    # Route and key are what a finding's fingerprint is made of.
    found: dict[tuple[Route, str], Violation] = {}
    for failure in islice(failures, MOST_VIOLATIONS * 4):
        for violation in explain(failure, schema, root):
            found.setdefault((violation.route, violation.key), violation)
        if len(found) >= MOST_VIOLATIONS:
            break
    return tuple(islice(_plainest(found), MOST_VIOLATIONS))


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


@lru_cache(maxsize=256)
def _compiled(canonical: str) -> Engine:
    return compile_schema(json.loads(canonical))
