"""Judging values by the schemas that users write, at a bounded cost."""

from __future__ import annotations

import marshal
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
_KNOWN = _PLAIN | _INNER
_LIMIT = "limit"
_MOST_ANSWERS = 4096
_LONGEST = 16_384
_NO_REFERENCES = 2
"""A version of marshal that writes each value out, also where parts of it are one object."""


def usable_schema(one: Input) -> dict[str, Json] | None:
    """The JSON Schema of an input, or None where `invalid-schema` says what is wrong with it."""
    found = schema.input_schema(one.schema)
    return None if schema.schema_problems(found, ()) else found


def bounded_judge(worker: Worker, facts: Facts | None = None) -> Judge:
    """A judge that asks `worker` wherever a schema could make judging slow.

    What it gave up on is a violation too, with the key `limit`: never a pass. `facts` may know
    that a value fits. The same question is asked once; many prompts have inputs in common.
    """
    known = facts or Facts()
    answers: dict[bytes, tuple[Violation, ...]] = {}

    def judge(user_schema: Json, value: Json) -> tuple[Violation, ...]:
        if _is_cheap(user_schema):
            return schema.judge(user_schema, value)
        key = _key(user_schema, value)
        if key in answers:
            return answers[key]
        found = known.violations(user_schema, value, partial(_ask, worker))
        if key and len(answers) < _MOST_ANSWERS and not any(one.key == _LIMIT for one in found):
            answers[key] = found
        return found

    return judge


def _key(user_schema: Json, value: Json) -> bytes:
    """Bytes that only the same question has; empty where they are too long to be kept."""
    try:
        key = marshal.dumps((user_schema, value), _NO_REFERENCES)
    except ValueError:  # nested too deeply for it
        return b""
    return key if len(key) <= _LONGEST else b""


def _is_cheap(user_schema: Json) -> bool:
    """Whether every value is looked at once, and by no pattern."""
    left = [user_schema]
    while left:
        one = left.pop()
        if isinstance(one, bool):
            continue
        if not isinstance(one, dict) or not one.keys() <= _KNOWN:
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
        return (Violation((), message, "write a simpler schema", _LIMIT),)
    return tuple(
        Violation(tuple(one["route"]), one["message"], one["hint"], one["key"])
        for one in answer["violations"]
    )
