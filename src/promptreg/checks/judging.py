"""Judging values by the schemas that users write, at a bounded cost."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from promptreg.model.data import Json
from promptreg.model.prompt import Input
from promptreg.registry.facts import Facts
from promptreg.store import schema
from promptreg.store.schema import Violation

if TYPE_CHECKING:
    from promptreg.worker.process import Worker

Judge: TypeAlias = Callable[[Json, Json], tuple[Violation, ...]]
"""(schema, value) to where the value doesn't fit. The schema has no `schema_problems`."""

_PLAIN = frozenset(
    {"type", "enum", "const", "title", "description", "default", "examples", "deprecated"}
    | {"minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "$comment"}
    | {"exclusiveMinimum", "exclusiveMaximum", "format", "required"}
)
_INNER = frozenset({"properties", "items", "additionalProperties"})


def usable_schema(one: Input) -> dict[str, Json] | None:
    """The JSON Schema of an input, or None where `invalid-schema` says what is wrong with it."""
    found = schema.input_schema(one.schema)
    return None if schema.schema_problems(found, ()) else found


def bounded_judge(worker: Worker, facts: Facts | None = None) -> Judge:
    """A judge that asks `worker` wherever a schema could make judging slow.

    What it gave up on is a violation too, with the key `limit`: never a pass. `facts` may know
    that a value fits.
    """
    known = facts or Facts()

    def judge(user_schema: Json, value: Json) -> tuple[Violation, ...]:
        if _is_cheap(user_schema):
            return schema.judge(user_schema, value)
        return known.violations(user_schema, value, partial(_ask, worker))

    return judge


def _is_cheap(user_schema: Json) -> bool:
    """Whether every value is looked at once, and by no pattern."""
    left = [user_schema]
    while left:
        one = left.pop()
        if isinstance(one, bool):
            continue
        if not isinstance(one, dict) or not one.keys() <= _PLAIN | _INNER:
            return False
        properties = one.get("properties")
        left += properties.values() if isinstance(properties, dict) else ()
        left += [one[key] for key in ("items", "additionalProperties") if key in one]
    return True


def _ask(worker: Worker, user_schema: Json, value: Json) -> tuple[Violation, ...]:
    from promptreg.worker.limits import LimitExceeded  # noqa: PLC0415 - only where it is needed

    try:
        answer = worker.ask("judge", {"schema": user_schema, "value": value})
    except LimitExceeded as problem:
        message = f"judging the value {problem.reason}"
        return (Violation((), message, "write a simpler schema", "limit"),)
    return tuple(
        Violation(tuple(one["route"]), one["message"], one["hint"], one["key"])
        for one in answer["violations"]
    )
