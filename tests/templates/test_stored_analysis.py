"""What is kept of an analysis is the analysis, to the last detail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.model.finding import Place
from promptreg.templates.analysis import Analysis, Reference, analyse
from promptreg.templates.stored_analysis import analysis_from_data, analysis_to_data

ROOT = Path(__file__).parents[2]
PARTS = (
    "Hello", "\n", " ", "ä\u200b", "{{ a }}", "{{ b.c|upper }}", "{{ '\\u200b' }}", "{# c #}",
    "{% include 'x.j2' %}", "{% include 'x' ignore missing without context %}",
    "{% import 'y.j2' as y with context %}", "{% from 'y.j2' import z %}", "{% extends 'b.j2' %}",
    "{% set a = 1 %}", "{% for i in a %}", "{% endfor %}", "{% if a %}", "{% else %}",
    "{% endif %}", "{% macro m(q) %}", "{% endmacro %}", "{{ m(a) }}", "{% block k %}",
    "{% endblock %}", "{% with p = a %}", "{% endwith %}", "{{ a|exec }}", "{{", "%}",
)  # fmt: skip
PLACES = st.builds(Place, st.integers(1, 10**6), st.integers(1, 10**6))
PLACED = st.tuples(st.text(), PLACES)
NAMES = st.frozensets(st.text(), max_size=4)
REFERENCES = st.builds(Reference, st.text(), st.text(), PLACES, st.booleans(), st.booleans(), NAMES)
ANALYSES = st.builds(
    Analysis,
    st.lists(PLACED, max_size=4).map(tuple),
    NAMES,
    st.lists(REFERENCES, max_size=4).map(tuple),
    st.lists(PLACED, max_size=4).map(tuple),
)


def _through_json(one: Analysis) -> Analysis:
    return analysis_from_data(json.loads(json.dumps(analysis_to_data(one))))


@given(ANALYSES)
@settings(deadline=None)
def test_any_analysis_comes_back(one: Analysis) -> None:
    assert _through_json(one) == one


@given(st.lists(st.sampled_from(PARTS), max_size=12).map("".join))
@settings(deadline=None, max_examples=300)
def test_what_a_text_says_comes_back(text: str) -> None:
    one = analyse(text)
    if one.problems:
        with pytest.raises(ValueError, match="problems"):
            analysis_to_data(one)
    else:
        assert _through_json(one) == one


def test_every_template_here_comes_back() -> None:
    paths = [path for folder in ("examples", "tests") for path in (ROOT / folder).rglob("*.j2")]
    texts = {path.read_bytes().decode("utf-8", "replace") for path in paths}
    sound = [one for one in map(analyse, texts) if not one.problems]

    assert any(one.references for one in sound)
    assert any(one.variables for one in sound)
    assert [_through_json(one) for one in sound] == sound


@pytest.mark.parametrize(
    "data",
    [
        [], None, 1, {}, [[], [], []], [[], [], [], [], []], [1, [], [], []], [[["a", 1]], [], [], []],
        [[["a", 1, "2"]], [], [], []], [[[1, 1, 2]], [], [], []], [[], [1], [], []],
        [[["a", True, 1]], [], [], []], [[], [], [["include", "x", 1, 1, 1, False, []]], []],
        [[], [], [["include", "x", 1, 1, True, False, [None]]], []],
    ],
)  # fmt: skip
def test_other_data_is_refused(data: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        analysis_from_data(data)  # type: ignore[arg-type]  # what a damaged file may hold
