"""Edits by place: what changes, what stays, and what is left to a person."""

from __future__ import annotations

import pytest

from promptreg.model.data import Route
from promptreg.store.yaml_edit import (
    CannotEditError,
    with_key,
    with_scalar,
    with_text,
    without_key,
    written,
)


@pytest.mark.parametrize(
    ("text", "route", "after"),
    [
        ("a: x\nb: y\n", ("a",), "a: v\nb: y\n"),
        ("a: 'x'  # it\n", ("a",), "a: 'v'  # it\n"),
        ('{"a": "x"}', ("a",), '{"a": "v"}'),
        ("a: {b: [x, y]}\n", ("a", "b"), None),
        ("a: {b: x, c: y}\n", ("a", "b"), "a: {b: v, c: y}\n"),
        ("𝒳: 1\na: x\n", ("a",), "𝒳: 1\na: v\n"),
        ("a: |\n  x\n", ("a",), None),
        ("b: &x y\na: *x\n", ("a",), None),
        ("a: x\n", ("c",), None),
        ("a: x\rb: y\n", ("b",), None),
    ],
)
def test_a_scalar_keeps_its_quotes(text: str, route: Route, after: str | None) -> None:
    if after is None:
        with pytest.raises(CannotEditError):
            with_scalar(text, route, "v")
    else:
        assert with_scalar(text, route, "v") == after


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a: x\nb: y\n", "a: x\nk: v\nb: y\n"),
        ("a: x # it\r\nb: y\r\n", "a: x # it\r\nk: v\r\nb: y\r\n"),
        ("b: y\na: x", "b: y\na: x\nk: v"),
        ("b: y\r\na: x", "b: y\r\na: x\r\nk: v"),
        ("{a: x, b: y}\n", "{a: x, k: v, b: y}\n"),
        ('{"a": "x"}\n', '{"a": "x", "k": v}\n'),
        ("  a: x\n  b: y\n", "  a: x\n  k: v\n  b: y\n"),
        ("a: [x]\n", None),
        ("- a: x\n", None),
    ],
)
def test_a_new_key_stands_after_its_sibling(text: str, after: str | None) -> None:
    if after is None:
        with pytest.raises(CannotEditError):
            with_key(text, ("a",), "k", "v")
    else:
        assert with_key(text, ("a",), "k", "v") == after


def test_the_indentation_of_a_list_item_is_no_indentation() -> None:
    with pytest.raises(CannotEditError):
        with_key("- a: x\n  b: y\n", (0, "a"), "k", "v")
    assert with_key("- a: x\n  b: y\n", (0, "b"), "k", "v") == "- a: x\n  b: y\n  k: v\n"


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a: x\nb: y\n", "b: y\n"),
        ("b: y\na: x # it", "b: y\n"),
        ("b: y\na:\n  c: x\n  # it\n  d: [1,\n    2]\ne: z\n", "b: y\ne: z\n"),
        ("b: y\na: {c: x} # it\ne: z\n", "b: y\ne: z\n"),
        ("b: y\na: |\n  x\n\n  y\ne: z\n", "b: y\ne: z\n"),
        ("{a: x, b: y}", "{b: y}"),
        ("{b: y, a: {c: x}}", "{b: y}"),
        ("{b: y,\n a: x}", "{b: y}"),
        ("{a: x}", "{}"),
        ("a: {}\n", None),
    ],
)
def test_a_key_goes_with_its_lines(text: str, after: str | None) -> None:
    if after is None:
        with pytest.raises(CannotEditError):
            without_key(text, ("a",))
    else:
        assert without_key(text, ("a",)) == after


def test_a_text_is_replaced_or_added_as_its_neighbour_is_written() -> None:
    assert with_text("a: x\n", ("a",), "v", ("b",)) == "a: v\n"
    assert with_text("a: x\n", ("k",), "1e9", ("a",)) == 'a: x\nk: "1e9"\n'
    assert with_text('{"a": "x"}', ("k",), "v", ("a",)) == '{"a": "x", "k": "v"}'


@pytest.mark.parametrize(
    ("value", "style", "said"),
    [
        ("2027-01-31", "", "2027-01-31"),
        ("null", "", '"null"'),
        ("1e999", "", '"1e999"'),
        ("a: b", "", '"a: b"'),
        ("it's", "'", "'it''s'"),
        ('"\\', '"', '"\\"\\\\"'),
    ],
)
def test_what_is_written_is_read_as_the_same_text(value: str, style: str, said: str) -> None:
    from promptreg.store.yaml import read_yaml

    assert written(value, style) == said
    assert read_yaml("a.yaml", f"a: {said}\n").value == {"a": value}
