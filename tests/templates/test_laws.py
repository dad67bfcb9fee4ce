"""Ours against plain Jinja, on generated templates."""

from __future__ import annotations

import os

import jinja2
import jinja2.meta
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2.parser import _statement_keywords
from jinja2.runtime import LoopContext

from promptreg.model.data import Json
from promptreg.model.prompt import Message, Part, Source
from promptreg.templates.allowed import LOOP, WORDS, allowed_names
from promptreg.templates.analysis import analyse
from promptreg.templates.render import render_messages
from promptreg.templates.request import RenderAnswer, RenderRequest

TORTURE = int(os.environ.get("TORTURE", "1"))
"""How many times more examples `make torture` asks for."""

NAMES = st.sampled_from(["a", "b", "c", "items", "name"])
EXPRESSIONS = st.recursive(
    NAMES
    | st.integers(0, 99).map(str)
    | st.sampled_from(
        ["'x'", "'<ü>'", "[1, 'y']", "{'k': 2}", "none", "true", "1.5", "loop.index"]
    ),
    lambda inner: st.one_of(
        st.builds("{} ~ {}".format, inner, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("({} == {})".format, inner, inner),
        st.builds("({} in [{}])".format, inner, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("({} and not {})".format, inner, inner),
        st.builds("({})|{}".format, inner, st.sampled_from(["string", "length", "list|join('-')"])),
        st.builds("({}|string)|{}".format, inner, st.sampled_from(["upper", "title", "trim"])),
        st.builds("({}|string)|replace('x', {}|string)".format, inner, inner),
        st.builds("({} + {})".format, inner, inner),
        st.builds("m({})".format, inner),
        st.builds("{}.k".format, NAMES),
        st.builds("({} is {})".format, inner, st.sampled_from(["defined", "string", "number"])),
    ),
    max_leaves=6,
)
DATA = st.sampled_from(["text ", "\n", "  x\n", "{ % }", "ü "])


def _blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("{}{}".format, inner, inner),
        st.builds("{{% if {} %}}{}{{% else %}}{}{{% endif %}}".format, EXPRESSIONS, inner, inner),
        st.builds("{{% if {} %}}{}{{% elif {} %}}{}{{%- endif %}}".format,
                  EXPRESSIONS, inner, EXPRESSIONS, inner),
        st.builds("{{% for {} in {} %}}{}{{% else %}}{}{{% endfor %}}".format,
                  NAMES, EXPRESSIONS, inner, inner),
        st.builds("{{% for {} in {} if {} %}}{}{{% endfor %}}".format,
                  NAMES, EXPRESSIONS, EXPRESSIONS, inner),
        st.builds("{{% with {} = {} %}}{}{{% endwith %}}".format, NAMES, EXPRESSIONS, inner),
        st.builds("{{% macro m({}) %}}{}{{% endmacro %}}".format, NAMES, inner),
        st.builds("{{% set {} %}}{}{{% endset %}}".format, NAMES, inner),
        st.builds("{{% filter upper %}}{}{{% endfilter %}}".format, inner),
        st.builds("{{% call(b) m({}) %}}{}{{% endcall %}}".format, EXPRESSIONS, inner),
    )  # fmt: skip


TEMPLATES = st.recursive(
    DATA
    | st.builds("{{{{ {} }}}}".format, EXPRESSIONS)
    | st.builds("{{%- set {} = {} -%}}".format, NAMES, EXPRESSIONS),
    _blocks,
    max_leaves=12,
)
INPUTS: dict[str, Json] = {
    "a": "Ann",
    "items": ["i", {"k": "v"}],
    "name": "<n>",
    "b": {"k": "bk"},
    "c": None,
}


class Strict(jinja2.StrictUndefined):
    """Fails inside a printed list too, where Jinja would print `Undefined`."""

    __slots__ = ()
    __repr__ = jinja2.StrictUndefined.__str__


def plain() -> jinja2.Environment:
    environment = jinja2.Environment(undefined=Strict, autoescape=False)  # noqa: S701 - prompts are no HTML
    environment.globals = {
        name: value
        for name, value in environment.globals.items()
        if name in allowed_names("global")
    }
    return environment


def _rendered_by_jinja(source: str) -> str | None:
    try:
        return plain().from_string(source).render(INPUTS)
    except Exception:
        return None


@given(TEMPLATES)
@settings(deadline=None, max_examples=500 * TORTURE)
def test_renders_what_jinja_renders(source: str) -> None:
    turn = Message("user", (Part("text", Source((), inline=source)),), ())
    answer = render_messages(RenderRequest((turn,), inputs=INPUTS))
    expected = _rendered_by_jinja(source)
    if expected is None:
        assert answer.failure is not None
        return
    if answer.failure is not None:
        # The one difference: what has no stable text isn't printed.
        assert "is a function" in answer.failure.message or "sequence" in answer.failure.message
        return
    assert answer.messages[0].text == expected


@given(TEMPLATES)
@settings(deadline=None, max_examples=500 * TORTURE)
def test_variables_are_those_of_jinja(source: str) -> None:
    found = analyse(source)
    environment = plain()
    theirs = jinja2.meta.find_undeclared_variables(environment.parse(source))
    assert found.problems == ()
    ours = {name for name, _ in found.variables}
    assert ours <= theirs
    if "{% if" not in source and "{%- if" not in source:
        assert ours == theirs


@given(TEMPLATES)
@settings(deadline=None, max_examples=200 * TORTURE)
def test_each_variable_stands_where_its_place_says(source: str) -> None:
    lines = source.split("\n")
    for name, place in analyse(source).variables:
        assert lines[place.line - 1][place.column - 1 :].startswith(name)


@given(st.text(alphabet="{}%#-+ \n'\"ab1.|()[]~,:=_é\\", max_size=60))
@settings(deadline=None, max_examples=500 * TORTURE)
def test_any_text_is_read_without_an_exception(source: str) -> None:
    assert analyse(source) == analyse(source)


@given(st.text(max_size=80))
@settings(deadline=None, max_examples=200 * TORTURE)
def test_text_without_tags_is_rendered_as_it_is(text: str) -> None:
    if "{{" in text or "{%" in text or "{#" in text or "\r" in text:
        return
    turn = Message("user", (Part("text", Source((), inline=text)),), ())
    answer = render_messages(RenderRequest((turn,)))
    assert answer.failure is None
    assert answer.messages[0].text == text.removesuffix("\n")


def test_the_table_knows_every_word_of_jinja() -> None:
    environment = jinja2.Environment(autoescape=False)  # noqa: S701 - only its names are read
    theirs = {
        *(("tag", name) for name in (*_statement_keywords, "call", "filter", "raw")),
        *(("global", name) for name in environment.globals),
        *(("filter", name) for name in environment.filters),
        *(("test", name) for name in environment.tests),
    }
    assert {(word.kind, word.name) for word in WORDS} == theirs


TAGS = {
    "block": "{% block a %}x{% endblock %}",
    "call": "{% macro a() %}{{ caller() }}{% endmacro %}{% call a() %}x{% endcall %}",
    "extends": "{% extends 'other.txt' %}",
    "filter": "{% filter lower %}X{% endfilter %}",
    "for": "{% for a in ['x'] %}{{ a }}{% else %}{% endfor %}",
    "from": "{% from 'other.txt' import a %}x",
    "if": "{% if true %}x{% elif 1 %}{% else %}{% endif %}",
    "import": "{% import 'other.txt' as a %}x",
    "include": "{% include 'other.txt' %}",
    "macro": "{% macro a() %}x{% endmacro %}{{ a() }}",
    "print": "{% print 'x' %}",
    "raw": "{% raw %}x{% endraw %}",
    "set": "{% set a %}x{% endset %}{{ a }}",
    "with": "{% with a = 'x' %}{{ a }}{% endwith %}",
}


def rendered(text: str) -> RenderAnswer:
    turn = Message("user", (Part("text", Source((), inline=text)),), ())
    others = {"other.txt": "x{% macro a() %}{% endmacro %}"}
    return render_messages(RenderRequest((turn,), templates=others))


def test_every_tag_of_the_table_works_and_no_other() -> None:
    assert TAGS.keys() == allowed_names("tag")
    answers = {name: rendered(text) for name, text in TAGS.items()}
    assert {name: one.messages and one.messages[0].text for name, one in answers.items()} == (
        dict.fromkeys(TAGS, "x")
    )
    refused = rendered("{% autoescape true %}x{% endautoescape %}").failure
    assert refused is not None
    assert refused.kind == "not-allowed"


def test_the_page_names_all_that_a_loop_offers() -> None:
    theirs = {name for name in dir(LoopContext) if not name.startswith("_")}
    assert theirs | {"depth0"} == LOOP  # which only an instance has
    for name in LOOP - {"cycle", "changed"}:
        answer = rendered(f"{{% for a in 'x' %}}{{{{ loop.{name} is defined }}}}{{% endfor %}}")
        assert answer.failure is None
