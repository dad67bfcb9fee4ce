"""What the worker does: one function per job, from plain data to plain data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypeAlias

from promptreg.model.prompt import Message, Part, Source
from promptreg.store.schema import judge
from promptreg.templates.render import render_messages
from promptreg.templates.request import (
    RenderRequest,
    answer_to_json,
    request_from_json,
    request_to_json,
)
from promptreg.worker.probe import probe_job

Job: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]


def render_job(data: dict[str, Any]) -> dict[str, Any]:
    """A `request_to_json` in, an `answer_to_json` out."""
    return answer_to_json(render_messages(request_from_json(data)))


def judge_job(data: dict[str, Any]) -> dict[str, Any]:
    """`{schema, value}` in, `{violations: [{route, message, hint, key}]}` out."""
    return {"violations": [asdict(one) for one in judge(data["schema"], data["value"])]}


JOBS: dict[str, Job] = {"judge": judge_job, "probe": probe_job, "render": render_job}
"""The table of jobs, by the name that `Worker.ask` takes."""


_WARMING = (
    "{% nothing %}",
    "{% for a in [1] %}{{ a|upper }}{% endfor %}{{ b|exec }}",
    "{% macro a() %}{{ loop }}{% endmacro %}{{ 'a' ~ 'ä\\u00e4\\n' ~ 1.5 }}{{ 1/0 }}",
    "{{ {'a': [1]}|tojson }}{{ missing }}",
    "{{ 'a b'|wordwrap(1)|striptags|title|urlencode|indent|center|truncate(1)|filesizeformat }}",
    "{{ ('a b'|e + '<')|wordcount }}{{ [3, 1]|sort|unique|batch(2)|list|join('-')|replace('1', 'a') }}",
    "{{ [{'a': 1}]|groupby('a') }}{{ {'b': 1}|dictsort }}{{ 'x'.casefold().encode }}",
)


def warm_up() -> None:
    """Import and run what jobs need, before the limits forbid to open files."""
    for inline in _WARMING:
        source = Source((), inline=inline)
        turn = Message("user", (Part("text", source),), ())
        render_job(request_to_json(RenderRequest((turn,))))
    judge_job({"schema": {"type": "string", "pattern": "^a$"}, "value": 1})
