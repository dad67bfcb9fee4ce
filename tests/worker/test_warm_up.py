"""What the worker has loaded when it is shut in is all that a job will ever need."""

from __future__ import annotations

import json
import subprocess
import sys

DRIVER = """
import json, sys
from promptreg.worker import jobs

jobs.warm_up()
loaded, opened = set(sys.modules), []
sys.addaudithook(lambda event, words: event in {"open", "import"} and opened.append(repr(words)))
kinds = []
for request in json.load(sys.stdin):
    answer = jobs.JOBS[request["job"]](request["data"])
    failure = answer.get("failure")
    kinds.append(failure["kind"] if failure else "")
print(json.dumps([kinds, sorted(set(sys.modules) - loaded), opened]))
"""
RICH = (
    "{% nothing %}",
    "{% for a in [1] %}{{ a|upper }}{% endfor %}{{ b|exec }}",
    "{% macro a() %}{{ loop }}{% endmacro %}{{ 'a' ~ 'ä\\u00e4\\n' ~ 1.5 }}{{ 1/0 }}",
    "{{ {'a': [1]}|tojson }}{{ missing }}",
    "{{ 'a b'|wordwrap(1)|striptags|title|urlencode|indent|center|truncate(1)|filesizeformat }}",
    "{{ ('a b'|e + '<')|wordcount }}{{ [3, 1]|sort|unique|batch(2)|list|join('-')|replace('1', 'a') }}",
    "{{ [{'a': 1}]|groupby('a') }}{{ {'b': 1}|dictsort }}{{ 'x'.casefold().encode }}",
    "{{ '&eacute;&#233;<b>x</b>'|striptags }}{{ '\\x41' }}{{ 1e400 }}{{ 2 ** 70 // 3 }}",
    "{% set ns = namespace(a=cycler(1, 2)) %}{{ ns.a.next() }}{{ joiner()() }}{{ dict(a=1).items() }}",
    "{% macro m(a, b=2) %}{{ caller(a) }}{{ varargs }}{% endmacro %}{% call(x) m(1) %}{{ x }}{% endcall %}",
    "{% filter upper %}{% raw %}{{ a }}{% endraw %}{% endfilter %}{% with a = 1 %}{{ a }}{% endwith %}",
    "{% for a in range(3) recursive %}{{ loop.cycle('a', 'b') }}{{ loop.changed(a) }}{% else %}{% endfor %}",
    "{% include 'x' %}",
    "{{ range(10 ** 9) }}",
    "{{ 'x' * 10 ** 9 }}",
    "{{ ''.join }}{{ ''.__class__ }}",
    "{% for a in 1 %}{% endfor %}",
    "{{ 'a' + 1 }}",
    "{{ [1, 'a']|sort }}",
    "{{ 'a'|float }}{{ 'a'|int }}{{ [1, 2]|sum }}{{ 2.5|round(1, 'floor') }}",
)


def test_nothing_is_loaded_or_opened_once_it_is_warm() -> None:
    from promptreg.templates.allowed import allowed_names

    filters = [
        f"{{{{ {value}|{name}{given} }}}}"
        for name in sorted(allowed_names("filter"))
        for value in ("'a <b>'", "[1, 2]", "1.5", "{'a': 'ä'}", "missing")
        for given in ("", "(1)", "('a')")
    ]
    tests = [
        f"{{{{ {value} is {name}{given} }}}}"
        for name in sorted(allowed_names("test"))
        for value in ("'a'", "1", "[1]", "missing")
        for given in ("", "(1)", "('a')")
        if name.isalpha()
    ]
    requests = [{"job": "render", "data": _asking(text)} for text in (*RICH, *filters, *tests)]
    requests += [
        {"job": "judge", "data": {"schema": schema, "value": value}}
        for schema in _SCHEMAS
        for value in ("a", 1.5, [1, 1], {"a": 1, "colour": "gren"}, None)
    ]
    done = subprocess.run(
        (sys.executable, "-c", DRIVER),
        input=json.dumps(requests),
        capture_output=True,
        text=True,
        check=True,
    )
    kinds, loaded, opened = json.loads(done.stdout)
    assert len(set(kinds)) > 3, "some fail in one way, some in another, and most don't"
    assert kinds.count("") > len(kinds) / 4
    assert loaded == []
    assert opened == []


_SCHEMAS = (
    {"type": "string", "format": "date", "pattern": "^(a|b)+$", "minLength": 2},
    {"type": "object", "properties": {"color": {"enum": ["green"]}}, "additionalProperties": False},
    {"type": "array", "uniqueItems": True, "items": {"type": "string"}, "maxItems": 1},
    {"anyOf": [{"type": "number", "multipleOf": 2}, {"const": None}, {"required": ["b"]}]},
)


def _asking(text: str) -> object:
    from promptreg.model.prompt import Message, Part, Source
    from promptreg.templates.request import RenderRequest, request_to_json

    turn = Message("user", (Part("text", Source(("m",), inline=text)),), ("m",))
    return request_to_json(RenderRequest((turn,)))
