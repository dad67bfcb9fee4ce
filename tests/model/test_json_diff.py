from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.model.data import Json, same
from promptreg.model.json_diff import Difference, Op, json_differences

VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(["a", "b"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abn"), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=400, deadline=None)
@given(VALUES, VALUES)
def test_no_difference_means_the_same_json(before: Json, after: Json) -> None:
    assert (json_differences(before, after) == ()) == same(before, after)


@settings(max_examples=100, deadline=None)
@given(VALUES, VALUES)
def test_the_other_way_round_adds_what_was_removed(before: Json, after: Json) -> None:
    there, back = json_differences(before, after), json_differences(after, before)
    added = [one.op for one in there].count(Op.ADDED)
    assert added == [one.op for one in back].count(Op.REMOVED)


NAMED: Json = [{"name": "x", "v": 1}, {"name": "y", "v": 1}]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 1}, {"a": 1.0}, []),
        ({"a": 1}, {"a": True}, [Difference(Op.CHANGED, ("a",), 1, True)]),
        ({}, {"a": None}, [Difference(Op.ADDED, ("a",), None, None)]),
        ({"a": {"b": 1}}, {"a": {}}, [Difference(Op.REMOVED, ("a", "b"), 1)]),
        ({"a": []}, {"a": {}}, [Difference(Op.CHANGED, ("a",), [], {})]),
        (
            {"enum": ["a", "b"]},
            {"enum": ["b", "c"]},
            [Difference(Op.REMOVED, ("enum",), "a"), Difference(Op.ADDED, ("enum",), None, "c")],
        ),
        (["a", "b"], ["b", "a"], [Difference(Op.REORDERED, (), ["a", "b"], ["b", "a"])]),
        (["a", "b", "c"], ["b", "c"], [Difference(Op.REMOVED, (), "a")]),
        ([1, 1], [1], [Difference(Op.REMOVED, (), 1)]),
        ([1], [True], [Difference(Op.REMOVED, (), 1), Difference(Op.ADDED, (), None, True)]),
        (
            NAMED,
            [{"name": "y", "v": 2}, {"name": "x", "v": 1}],
            [
                Difference(Op.CHANGED, ("y", "v"), 1, 2),
                Difference(Op.REORDERED, (), ["x", "y"], ["y", "x"]),
            ],
        ),
        (
            [{"a": 1}, {"b": 1}],
            [{"new": 1}, {"a": 1}, {"b": 1}],
            [Difference(Op.ADDED, (0,), None, {"new": 1})],
        ),
        ([{"a": 1}], [{"a": 2}], [Difference(Op.CHANGED, (0, "a"), 1, 2)]),
    ],
)
def test_differences_are_named_by_route(
    before: Json, after: Json, expected: list[Difference]
) -> None:
    assert list(json_differences(before, after)) == expected


def test_two_of_one_name_are_told_by_index() -> None:
    twins: Json = [{"name": "x", "v": 1}, {"name": "x", "v": 2}]
    other: Json = [{"name": "x", "v": 3}, {"name": "x", "v": 2}]
    assert json_differences(twins, other) == (Difference(Op.CHANGED, (0, "v"), 1, 3),)
