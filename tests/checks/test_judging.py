"""A judge whose cost is bounded says the same as one that isn't."""

from __future__ import annotations

from typing import Any

import pytest

from promptreg.checks.judging import bounded_judge, usable_schema
from promptreg.model.data import Json
from promptreg.model.prompt import Input
from promptreg.store import schema
from promptreg.worker.limits import LimitExceeded
from promptreg.worker.process import Worker


class Spent(Worker):
    """A worker that gives up on everything."""

    def ask(self, job: str, data: dict[str, Any]) -> dict[str, Any]:
        raise LimitExceeded("took longer than 5 s")


CASES: list[tuple[Json, Json]] = [
    ({"type": "string", "maxLength": 3}, "long text"),
    ({"type": "array", "items": {"type": "string", "pattern": "^a"}}, ["a", "b", 3]),
    ({"anyOf": [{"type": "string"}, {"required": ["x"]}]}, {"y": 1}),
    ({"type": "string"}, "fine"),
    ({"pattern": "^a"}, "fine"),
    ({"items": {"properties": {"x": {"type": "integer"}}, "required": ["x"]}}, [{"x": "y"}, {}]),
    ({"type": "object", "additionalProperties": False}, {"x": 1}),
    (False, 1),
]


@pytest.mark.parametrize(("user_schema", "value"), CASES)
def test_the_verdict_is_the_same(user_schema: Json, value: Json) -> None:
    with Worker() as worker:
        assert bounded_judge(worker)(user_schema, value) == schema.judge(user_schema, value)


@pytest.mark.parametrize(
    "user_schema",
    [
        {"pattern": "^a"},
        {"items": {"properties": {"a": {"pattern": "^a"}}}},
        {"additionalProperties": {"anyOf": [{}, {}]}},
        {"uniqueItems": True},
        {"properties": {"a": {"pattern": "^a"}}, "additionalProperties": False},
        {"$ref": "#/$defs/a", "$defs": {"a": {}}},
    ],
)
def test_giving_up_is_a_violation(user_schema: Json) -> None:
    (said,) = bounded_judge(Spent())(user_schema, "a")
    assert (said.route, said.key) == ((), "limit")
    assert "took longer than 5 s" in said.message


def test_what_is_cheap_needs_no_worker() -> None:
    assert bounded_judge(Spent())({"type": "string"}, "a") == ()


def _input(**declared: Json) -> Input:
    return Input("who", declared, required=True, untrusted=False, description="")


def test_a_schema_that_cannot_be_used_judges_nothing() -> None:
    assert usable_schema(_input(pattern="(")) is None


def test_our_own_keys_are_no_schema() -> None:
    assert usable_schema(_input(type="string", required=False, untrusted=True)) == {
        "type": "string"
    }


class Counting(Worker):
    """A worker that counts what it is asked, and gives up on the first question."""

    asked = 0

    def ask(self, job: str, data: dict[str, Any]) -> dict[str, Any]:
        self.asked += 1
        if self.asked == 1:
            raise LimitExceeded("took longer than 5 s")
        return super().ask(job, data)


def test_a_question_is_asked_once_but_after_giving_up() -> None:
    pattern: Json = {"pattern": "^1"}
    worker = Counting()
    with worker:
        judge = bounded_judge(worker)
        assert [one.key for one in judge(pattern, "a")] == ["limit"]
        assert [one.key for one in judge(pattern, "a")] == ["pattern"]
        assert [one.key for one in judge(pattern, "a")] == ["pattern"]
        assert worker.asked == 2


def test_questions_that_python_holds_equal_are_told_apart() -> None:
    schemas: tuple[Json, ...] = ({"not": {"type": "boolean"}}, {"anyOf": [{"const": 1}]})
    values: tuple[Json, ...] = (True, 1, 1.0, "1")
    with Worker() as worker:
        judge = bounded_judge(worker)
        for value in values:
            for user_schema in schemas:
                assert judge(user_schema, value) == schema.judge(user_schema, value)
