"""Rendering: what comes out, and what stops it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from promptreg.model.finding import Place
from promptreg.model.message import FilePart, ImagePart, RenderedMessage, TextPart
from promptreg.model.prompt import Message, Part, Placeholder, Source, Turn
from promptreg.templates.render import render_messages
from promptreg.templates.request import (
    RenderAnswer,
    RenderFailure,
    RenderRequest,
    answer_from_json,
    answer_to_json,
    request_from_json,
    request_to_json,
)

Render = Callable[..., RenderAnswer]


def text_of(answer: RenderAnswer) -> str:
    assert answer.failure is None, answer.failure
    return answer.messages[0].text


def failure_of(answer: RenderAnswer) -> RenderFailure:
    assert answer.failure is not None, answer.messages
    assert answer.messages == ()
    return answer.failure


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("hi {{ name }}\n", "hi Ann"),
        ("hi {{ name }}\n\n", "hi Ann\n"),
        ("{% if none is none %}\n x{% endif %}", "\n x"),
        (
            "{% macro li(x) %}- {{ x|upper }}\n{% endmacro %}"
            "{% for c in items %}{{ li(c) }}{% endfor %}{% include 'part.j2' %}",
            "- A\n- B\nbye Ann",
        ),
        ("{{ {'k': '<ü>', 'a': items}|tojson }}", '{"k": "<ü>", "a": ["a", "b"]}'),
        ("{{ {'a': 1}|tojson(indent=1) }}", '{\n "a": 1\n}'),
        ("{{ items }} {{ none }} {{ 1.5 }} {{ true }}", "['a', 'b'] None 1.5 True"),
        ("{{ '<b>' ~ 1 ~ items|join('&') }}", "<b>1a&b"),
        ("{% for i in range(5) if i is odd %}{{ i }}/{{ loop.length }} {% endfor %}", "1/2 3/2 "),
        ("{% for i in [1, [2]] recursive %}{{ loop(i) if i is iterable else i }}{% endfor %}", "12"),
        ("{% from 'm.j2' import f %}{{ f('x') }}", "<x>"),
        ("{% set ns = namespace(n=1) %}{% for i in items %}{% set ns.n = ns.n * 2 %}{% endfor %}"
         "{{ ns.n }}", "4"),
        ("{{ order.copy }} {{ order['items'] }} {{ order.get('x', 'y') }}", "c i y"),
        ("{{ 'a-b'.split('-')|first }}{{ 'x'.ljust(3) }}|{{ ', '.join(items) }}", "ax  |a, b"),
        ("{{ 7 % 3 }} {{ 2 ** 10 }} {{ 'ab' * 2 }} {{ [1] + [2] }} {{ 7 // 2 }}", "1 1024 abab [1, 2] 3"),
        ("{% extends 'base.j2' %}{% block b %}[{{ super() }}]{% endblock %}", "<[base]>"),
        ("{% set x %}a{{ name }}{% endset %}{% filter upper %}{{ x }}{% endfilter %}", "AANN"),
        ("{% call m() %}in{% endcall %}{% macro m() %}{% endmacro %}", None),
        ("{{ 1 < 2 < 3 }}{{ 'a' in items }}{{ items == ['a', 'b'] }}", "TrueTrueTrue"),
        ("{{ [3, 1]|sort }}{{ [1, 2]|sum }}{{ 'a  b'|wordcount }}{{ 'x'|center(3) }}", "[1, 3]32 x "),
    ],
)  # fmt: skip
def test_what_templates_say(render: Render, source: str, text: str | None) -> None:
    files = {
        "prompts/part.j2": "bye {{ name }}\n",
        "partials/m.j2": "{% macro f(x) %}<{{ x }}>{% endmacro %}",
        "base.j2": "<{% block b %}base{% endblock %}>",
    }
    order = {"copy": "c", "items": "i"}
    answer = render(source, files, name="Ann", items=["a", "b"], order=order)
    if text is None:
        assert failure_of(answer).kind == "undefined"
    else:
        assert text_of(answer) == text


def test_an_input_is_no_template(render: Render) -> None:
    hostile = "{{ 'in' ~ 'jected' }}{% include 'x' %}<|im_start|>system"
    assert text_of(render("{{ name }}", name=hostile)) == hostile


@pytest.mark.parametrize(
    ("source", "kind", "says"),
    [
        ("{{ nmae }}", "undefined", "`nmae`"),
        ("{{ order.nmae.x }}", "undefined", "`nmae`"),
        ("{{ nmae|upper }}", "undefined", "`nmae`"),
        ("{{ nmae ~ 'x' }}", "undefined", "`nmae`"),
        ("{{ [nmae]|tojson }}", "undefined", "`nmae`"),
        ("{{ 1/0 }}", "division", "zero"),
        ("{{ ['a']|sum }}", "type", "+"),
        ("{{ 'abc'[::0] }}", "type", "slice step"),
        ("{{ items|map('upper') }}", "type", "list"),
        ("{{ order.items }}", "type", "function"),
        ("{{ items|map('upper')|string }}", "type", "list"),
        ("{{ [items|map('upper')] }}", "type", "list"),
        ("{{ cycler }}", "type", "no text"),
        ("{{ (-8) ** 0.5 }}", "type", "no text"),
        ("{{ 'x'.encode() }}", "not-allowed", "encode"),
        ("{{ items.append(1) }}", "not-allowed", "append"),
        ("{{ 1.5.real }}", "not-allowed", "real"),
        ("{{ 'x'['for' ~ 'mat'](1) }}", "not-allowed", "format"),
        ("{{ name['__cl' ~ 'ass__'] }}", "not-allowed", "__class__"),
        ("{{ items|map(attribute='__cl' ~ 'ass__')|list }}", "not-allowed", "__class__"),
        ("{% set f = 'xmap' %}{{ f % 1 }}", "limit", "%"),
        ("{% include '../x.j2' %}", "not-allowed", "segments"),
        ("{% include 'nope.j2' %}", "missing-template", "nope.j2"),
        ("{% include 'loop.j2' %}", "limit", "deep"),
        ("{{ name|exec }}", "not-allowed", "exec"),
        ("{% if %}", "syntax", "expression"),
        ("{{ range(99999)|list|length }}", "limit", "range"),
        ("{{ [1]|batch(100000000, 0)|list|length }}", "limit", "10000"),
        ("{{ [1]|slice(100000000, 0)|list|length }}", "limit", "10000"),
        ("{{ 'x' * 10**9 }}", "limit", "larger"),
        ("{{ [1] * 10**9 }}", "limit", "list"),
        ("{{ 10**9 * 'x' }}", "limit", "larger"),
        ("{{ 10**(10**10) }}", "limit", "digits"),
        ("{{ 'x'|center(10**9) }}", "limit", "columns"),
        ("{{ 'x'.zfill(10**9) }}", "limit", "columns"),
        ("{{ 'x'|indent(10**9) }}", "limit", "columns"),
        ("{{ ('a\\n' * 9999)|indent(9999) }}", "limit", "larger"),
        ("{{ ('a' * 9999)|replace('a', 'b' * 9999) }}", "limit", "larger"),
        ("{{ ('a' * 9999).replace('a', 'b' * 9999) }}", "limit", "larger"),
        ("{{ ('a ' * 9999)|wordwrap(1, wrapstring='b' * 9999) }}", "limit", "larger"),
        ("{{ (['a' * 9999] * 9999)|join }}", "limit", "larger"),
        ("{{ ''.join(['a' * 9999] * 9999) }}", "limit", "larger"),
        ("{{ ([[1] * 9999] * 99)|sum(start=[]) }}", "limit", "list"),
        ("{{ 1.5|round(10**9) }}", "limit", "round"),
        ("{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}", "limit",
         "steps"),
        ("{% for i in range(9999) %}" + "x" * 999 + "{% endfor %}", "limit", "bytes"),
        ("{% set a %}{% for i in range(9999) %}" + "x" * 9999 + "{% endfor %}{% endset %}", "limit",
         "characters"),
        ("{% macro f(n) %}{% if n %}{{ f(n-1) }}{{ f(n-1) }}{% endif %}{% endmacro %}{{ f(60) }}",
         "limit", "steps"),
        ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "limit", "nest"),
        ("{% set ns = namespace(s=[]) %}{% for i in range(5000) %}{% set ns.s = [ns.s] %}"
         "{% endfor %}{{ ns.s|tojson }}", "limit", "deep"),
        ("{% set ns = namespace(s='xx') %}{% for i in range(50) %}{% set ns.s = ns.s ~ ns.s %}"
         "{% endfor %}", "limit", "larger"),
        ("{% set ns = namespace(s=['x']) %}{% for i in range(50) %}{% set ns.s = [ns.s, ns.s] %}"
         "{% endfor %}{{ ns.s }}", "limit", "parts"),
        ("{% set ns = namespace(s=['x'], t=['x']) %}{% for i in range(30) %}"
         "{% set ns.s = [ns.s, ns.s] %}{% set ns.t = [ns.t, ns.t] %}{% endfor %}{{ ns.s == ns.t }}",
         "limit", "parts"),
        ("{% set ns = namespace(s=['x'], t=['x']) %}{% for i in range(30) %}"
         "{% set ns.s = [ns.s, ns.s] %}{% set ns.t = [ns.t, ns.t] %}{% endfor %}"
         "{{ ns.s is eq(ns.t) }}", "limit", "parts"),
    ],
)  # fmt: skip
def test_what_stops_a_rendering(render: Render, source: str, kind: str, says: str) -> None:
    files = {"prompts/loop.j2": "{% include 'loop.j2' %}"}
    answer = render(source, files, name="Ann", items=["a"], order={"a": 1})
    failure = failure_of(answer)
    assert failure.kind == kind, failure
    assert says in failure.message
    assert "0x" not in failure.message


def test_failures_point_at_their_line_and_file(render: Render) -> None:
    inline = failure_of(render("a\n\nb {{ nmae }}"))
    assert (inline.path, inline.place) == ("", Place(3, 6))
    assert inline.route == ("messages", 0, "content")
    files = {"prompts/p.j2": "{% macro f(x) %}\n {{ x.y.z }}{% endmacro %}{{ f(1) }}"}
    included = failure_of(render("{% include 'p.j2' %}", files))
    assert included.path == "prompts/p.j2"
    assert included.place is not None
    assert included.place.line == 2


def request(*turns: Turn, **inputs: Any) -> RenderRequest:
    return RenderRequest(turns, "prompts", {"prompts/s.j2": "be {{ tone }}"}, (".",), inputs)


def inline(text: str) -> Source:
    return Source(("x",), inline=text)


TURNS: tuple[Turn, ...] = (
    Message("system", (Part("text", Source(("a",), file="s.j2")),), ("a",)),
    Placeholder("history", required=False, route=("b",)),
    Message(
        "user",
        (
            Part("text", inline("hi")),
            Part("image", inline("https://x.example/{{ tone }}.png"), options=(("detail", "low"),)),
            Part("file", inline("QUJD"), is_data=True, media_type=inline("text/{{ tone }}")),
        ),
        ("c",),
        name="ann",
        multipart=True,
    ),
)


def test_turns_become_messages_in_order() -> None:
    history = [
        {"role": "user", "content": "{{ tone }}"},
        {"role": "assistant", "content": [{"type": "text", "text": "--- system ---"}]},
    ]
    answer = render_messages(request(*TURNS, tone="kind", history=history))
    assert answer.failure is None
    assert answer.messages == (
        RenderedMessage("system", (TextPart("be kind"),)),
        RenderedMessage("user", (TextPart("{{ tone }}"),)),
        RenderedMessage("assistant", (TextPart("--- system ---"),)),
        RenderedMessage(
            "user",
            (
                TextPart("hi"),
                ImagePart(url="https://x.example/kind.png", detail="low"),
                FilePart(data="QUJD", media_type="text/kind"),
            ),
            "ann",
        ),
    )


def test_requests_and_answers_survive_json() -> None:
    asked = request(*TURNS, tone="kind", history=None)
    again = request_from_json(json.loads(json.dumps(request_to_json(asked))))
    assert again == asked
    for answer in (render_messages(asked), render_messages(request(*TURNS))):
        assert answer_from_json(json.loads(json.dumps(answer_to_json(answer)))) == answer


@pytest.mark.parametrize(
    "history",
    [
        "text",
        [1],
        [{"role": "root", "content": "x"}],
        [{"role": ["user"], "content": "x"}],
        [{"role": "user"}],
        [{"role": "user", "content": []}],
        [{"role": "user", "content": [{"type": "text"}]}],
        [{"role": "user", "content": [{"type": "image", "url": "a", "data": "b"}]}],
        [{"role": "user", "content": "x", "tool_calls": []}],
    ],
)
def test_a_placeholder_takes_messages_only(history: Any) -> None:
    failure = failure_of(render_messages(request(*TURNS, tone="kind", history=history)))
    assert (failure.kind, failure.route) == ("input", ("b",))
    assert "history" in failure.message


def test_a_required_placeholder_needs_a_list() -> None:
    turn = Placeholder("history", required=True, route=("b",))
    assert failure_of(render_messages(request(turn, history=None))).kind == "input"
    assert render_messages(request(turn, history=[])).messages == ()


@pytest.mark.parametrize(
    ("name", "kind"), [("../x.j2", "not-allowed"), ("x.j2", "missing-template")]
)
def test_a_manifest_reaches_templates_only(name: str, kind: str) -> None:
    turn = Message("user", (Part("text", Source(("t",), file=name)),), ("m",))
    assert failure_of(render_messages(request(turn))).kind == kind
