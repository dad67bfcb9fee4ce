"""What the worker does: one function per job, from plain data to plain data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module
from typing import Any, TypeAlias

from promptreg.store.schema import judge
from promptreg.templates.render import render_messages
from promptreg.templates.request import (
    answer_to_json,
    request_from_json,
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


_LOADED_LATE = ("difflib", "encodings.unicode_escape", "html", "jinja2.debug", "textwrap")
"""What Jinja, its filters and our hints load when a template first needs it."""


def warm_up() -> None:
    """Load what jobs need, before the limits forbid to open files."""
    for name in _LOADED_LATE:
        import_module(name)
    judge_job({"schema": {"type": "string", "pattern": "^a$"}, "value": 1})
