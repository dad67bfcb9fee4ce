"""What went wrong in a running template, in plain words and with its line."""

from __future__ import annotations

import re

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError

from promptreg.templates.metering import TemplateLimit

_ADDRESS = re.compile(r" (?:object )?at 0x[0-9a-fA-F]+")
_NAMED = re.compile(r"`(\w+)`(?: is undefined)?\Z")
_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (UndefinedError, "undefined"),
    (SecurityError, "not-allowed"),
    (TemplateLimit, "limit"),
    (RecursionError, "limit"),
    (MemoryError, "limit"),
    (TemplateNotFound, "missing-template"),
    (TemplateSyntaxError, "syntax"),
    (ZeroDivisionError, "division"),
)


def failure_kind(error: Exception) -> str:
    """The kind of a `RenderFailure`."""
    return next((kind for known, kind in _KINDS if isinstance(error, known)), "type")


def is_fault_of_process(error: Exception) -> bool:
    """Whether an error says nothing about a template: no file could be opened, for instance."""
    return isinstance(error, (OSError, ImportError)) and not isinstance(error, TemplateError)


def failure_message(error: Exception) -> str:
    """One sentence without addresses, so that it is the same in every run."""
    kind = failure_kind(error)
    if isinstance(error, RecursionError):
        return "the template nests or calls itself too deeply"
    if isinstance(error, MemoryError):
        return "the template needs too much memory"
    if kind == "limit":
        return f"the template was stopped: {error}"
    if kind == "division":
        return "a number is divided by zero"
    if isinstance(error, TemplateNotFound):
        return f"there is no template `{error.name}`"
    said = _ADDRESS.sub("", str(error)) or type(error).__name__
    return said[:1].lower() + said[1:] if kind == "type" else said


def failure_word(error: Exception) -> str:
    """The name that a failure is about, to find its column; empty where there is none."""
    named = _NAMED.search(str(error)) if isinstance(error, UndefinedError) else None
    return named[1] if named else ""


def failure_line(error: Exception) -> tuple[str, int]:
    """Name of the template and line of the innermost template frame; `("", 0)` without one."""
    where, line = "", 0
    trace = error.__traceback__
    while trace is not None:
        template = trace.tb_frame.f_globals.get("__jinja_template__")
        if template is not None:
            where, line = template.name, template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return where, line
