"""From routes and positions inside values to places in the document."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.model.data import Route
from promptreg.model.finding import Place
from promptreg.store.yaml import key_place, locate, locate_inside, places, read_yaml

DOCUMENT = """\
# a comment
name: support/triage
messages:
  - role: system
    content: |
      Be kind.

        - {{ tone }}
  - {role: user, content: "é\\t{{ x }}\\
      y"}
folded: >-
  one
  two

  three
plain: one
  two

  three
single: 'it''s
  here'
one: &a {b: 1}
two: *a
"""


@pytest.mark.parametrize(
    ("route", "place"),
    [
        (("name",), Place(2, 7)),
        (("messages",), Place(3, 1)),
        (("messages", 0), Place(4, 5)),
        (("messages", 0, "content"), Place(5, 14)),
        (("messages", 1, "role"), Place(9, 12)),
        (("one", "b"), Place(22, 13)),
        (("two", "b"), Place(23, 1)),
        (("messages", 0, "absent"), Place(4, 5)),
        (("messages", 9), Place(3, 1)),
        (("absent", "deeper"), Place(2, 1)),
        ((), Place(2, 1)),
    ],
)
def test_routes_have_places(route: Route, place: Place) -> None:
    assert locate(DOCUMENT, route) == place


def test_keys_have_places() -> None:
    assert key_place(DOCUMENT, ("messages", 1, "content")) == Place(9, 18)
    assert key_place(DOCUMENT, ("messages", 1)) == Place(9, 5)


@pytest.mark.parametrize(
    ("route", "inside", "place"),
    [
        (("name",), Place(1, 9), Place(2, 15)),
        (("messages", 0, "content"), Place(1, 4), Place(6, 10)),
        (("messages", 0, "content"), Place(3, 8), Place(8, 14)),
        (("messages", 1, "content"), Place(1, 2), Place(9, 29)),
        (("messages", 1, "content"), Place(1, 3), Place(9, 31)),
        (("messages", 1, "content"), Place(1, 10), Place(10, 7)),
        (("folded",), Place(1, 5), Place(13, 3)),
        (("folded",), Place(2, 2), Place(15, 4)),
        (("plain",), Place(1, 5), Place(17, 3)),
        (("plain",), Place(2, 1), Place(19, 3)),
        (("single",), Place(1, 4), Place(20, 14)),
        (("single",), Place(1, 6), Place(21, 3)),
    ],
)
def test_positions_inside_values_have_places(route: Route, inside: Place, place: Place) -> None:
    assert locate_inside(DOCUMENT, route, inside) == place


def test_a_broken_document_has_places_up_to_the_break() -> None:
    text = "a: 1\nb: [\n"
    assert locate(text, ("a",)) == Place(1, 4)
    assert locate(text, ("z",)) == Place(1, 1)


def test_every_route_of_a_value_has_a_place() -> None:
    value = read_yaml("a", DOCUMENT).value
    assert isinstance(value, dict)
    marks = places(DOCUMENT)
    assert {(key,) for key in value} <= set(marks)


_WORDS = st.text(alphabet="abé'\\\"日{}😀 .\n\t", min_size=1, max_size=60).filter(str.strip)


@given(_WORDS, st.sampled_from(["'", '"', "|", ">", None]), st.integers(10, 80), st.booleans())
@settings(deadline=None, max_examples=400)
def test_each_visible_character_is_found_where_it_stands(
    value: str, style: str | None, width: int, unicode: object
) -> None:
    text = yaml.dump(
        {"k": [{"text": value}]},
        Dumper=yaml.SafeDumper,
        default_style=style,
        width=width,
        allow_unicode=bool(unicode),
    )
    lines = text.split("\n")
    for index, char in enumerate(value):
        if char.isspace():
            continue
        inside = Place(value.count("\n", 0, index) + 1, index - value.rfind("\n", 0, index))
        place = locate_inside(text, ("k", 0, "text"), inside)
        there = lines[place.line - 1][place.column - 1]
        assert there in (char, "\\"), (text, index, place)


@given(st.text("ab:-?{}[],&*'\" \n", max_size=40))
@settings(deadline=None, max_examples=300)
def test_each_route_is_looked_up_as_it_is_listed(text: str) -> None:
    for route, mark in places(text).items():
        assert key_place(text, route) == (mark.key or mark.place)
        assert locate(text, route) in (mark.place, mark.key)
