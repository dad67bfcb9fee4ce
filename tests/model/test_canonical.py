"""Canonical JSON is what the library for it writes, by the fast way and by the other."""

from __future__ import annotations

from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.model.canonical import canonical_json

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    [
        "",
        '"',
        "\\",
        "\\\\",
        "1.5",
        "e",
        "\x00\x1f",
        "\x7f\u2028/",
        "\ue000",
        "\U0001f600",
        "true",
        "2e5",
        "2.0",
    ]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**54), 2**54)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.decimals(-100, 100, places=3).map(float)
    | TEXT
)
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def _theirs(value: Any) -> bytes | str:
    try:
        return rfc8785.dumps(value)
    except ValueError as error:
        return type(error).__name__


def _ours(value: Any) -> bytes | str:
    try:
        return canonical_json(value)
    except ValueError as error:
        return type(error).__name__


@settings(deadline=None, max_examples=400)
@given(DATA)
def test_it_is_what_the_library_writes(value: Any) -> None:
    assert _ours(value) == _theirs(value)


@pytest.mark.parametrize(
    "value",
    [
        {"\ue000": 1, "\U0001f600": 2},
        {"b": 1, "a": [1e21, 1.0, -0.0, 5e-324]},
        [2**53, -(2**53), 2**53 - 1],
        float("nan"),
        "\ud800",
        {"\ud800": 1},
        [True, False, None, "true", "a.b", '\\"', '\\\\"'],
        ["1e5", 1.0, "é2.0"],
        {"1234567890123456": 1, "é": "3.0"},
        ["\uffff", "\U00010000"],
        10**15,
        10**16,
        [0.2, -1.05, 0.0001, 0.00001, 1e-7, 123456789.125, 1e15 + 0.5, 1e16, 100.0, 0.1 + 0.2],
    ],
)
def test_where_python_would_write_something_else(value: Any) -> None:
    assert _ours(value) == _theirs(value)
