"""Careful edits of a YAML document: a scalar or a key of a mapping changes, every other byte stays.

An edit goes by the places that the reader finds and proves nothing: whoever edits reads the result
again and compares the data.
"""

from __future__ import annotations

import json
import re

from promptreg.model.data import Route
from promptreg.model.finding import Place
from promptreg.store.yaml_align import Scalar
from promptreg.store.yaml_places import Mark, places
from promptreg.store.yaml_scalars import NotJsonError, resolve

_SIMPLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]*")
_REST = re.compile(r"[ \t]*(?:#[^\n]*)?\r?")
_CLOSED = re.compile(r"[ \t}\]]*(?:#[^\n]*)?\r?")
_OTHER_BREAKS = re.compile("\r(?!\n)|[\x85\u2028\u2029]")
_COMMA_BEFORE = re.compile(r",\s*\Z")
_COMMA_AFTER = re.compile(r"\s*,[ \t]*")


class CannotEditError(ValueError):
    """The document is written in a form in which this can't be edited safely."""


def with_scalar(text: str, route: Route, value: str) -> str:
    """Another value for the scalar at `route`, in the quotes that it has."""
    scalar = _scalar(_mark(text, route))
    return text[: scalar.start] + written(value, scalar.style) + text[scalar.end :]


def with_text(text: str, route: Route, value: str, sibling: Route) -> str:
    """A text at `route`, which may be there; else right after `sibling`, written as that is."""
    if route in places(text):
        return with_scalar(text, route, value)
    start = _start(text, _mark(text, sibling))
    is_json = text[start] == '"' and _is_flow(text, sibling[:-1])
    return with_key(text, sibling, str(route[-1]), written(value, '"' if is_json else ""))


def with_key(text: str, sibling: Route, key: str, value: str) -> str:
    """A new key right after a sibling whose value is a scalar; `value` is as it shall be written.

    In a block it gets a line of its own, between braces a place after a comma.
    """
    mark = _mark(text, sibling)
    scalar = _scalar(mark)
    start = _start(text, mark)
    if _is_flow(text, sibling[:-1]):
        quote = '"' if text[start] == '"' else ""
        new = f", {quote}{key}{quote}: {value}"
        return text[: scalar.end] + new + text[scalar.end :]
    end = _line_end(text, scalar.end, _REST)
    indent = text[text.rfind("\n", 0, start) + 1 : start]
    if indent.strip(" "):
        raise CannotEditError
    if end == len(text):
        newline = "\r\n" if "\r\n" in text else "\n"
        return f"{text}{newline}{indent}{key}: {value}"
    newline = "\r\n" if text[end - 1] == "\r" else "\n"
    return f"{text[: end + 1]}{indent}{key}: {value}{newline}{text[end + 1 :]}"


def without_key(text: str, route: Route) -> str:
    """The document without the key at `route`; a comment at the end of its line goes with it."""
    start, end = _start(text, _mark(text, route)), _end(text, route)
    if _is_flow(text, route[:-1]):
        comma = _COMMA_BEFORE.search(text, 0, start)
        if comma:
            return text[: comma.start()] + text[end:]
        after = _COMMA_AFTER.match(text, end)
        return text[:start] + text[after.end() if after else end :]
    line = text.rfind("\n", 0, start) + 1
    if text[line:start].strip(" "):
        raise CannotEditError
    if text[end - 1] == "\n":  # a literal or folded scalar ends with its last line
        return text[:line] + text[end:]
    return text[:line] + text[_line_end(text, end, _CLOSED) + 1 :]


def written(value: str, style: str = "") -> str:
    """A text as a scalar of a style: plain where that is possible, `'` or `"`."""
    if style == "'":
        return "'" + value.replace("'", "''") + "'"
    if style == '"' or (style == "" and not _is_plain(value)):
        return json.dumps(value, ensure_ascii=False)
    if style:
        raise CannotEditError
    return value


def _is_plain(value: str) -> bool:
    try:
        return _SIMPLE.fullmatch(value) is not None and resolve(value) == value
    except NotJsonError:
        return False


def _mark(text: str, route: Route) -> Mark:
    mark = None if _OTHER_BREAKS.search(text) else places(text).get(route)
    if mark is None or mark.key is None:
        raise CannotEditError
    return mark


def _scalar(mark: Mark) -> Scalar:
    if mark.scalar is None or mark.scalar.style in ("|", ">"):
        raise CannotEditError
    return mark.scalar


def _start(text: str, mark: Mark) -> int:
    """Where a key begins."""
    if mark.key is None:
        raise CannotEditError
    return _index(text, mark.key)


def _end(text: str, route: Route) -> int:
    """Where the last scalar at or below `route` ends, braces around it included."""
    ends = [
        mark.scalar.end
        for found, mark in places(text).items()
        if found[: len(route)] == route and mark.scalar is not None
    ]
    if not ends:
        raise CannotEditError
    end = max(ends)
    if places(text)[route].scalar is None and _is_flow(text, route):
        closed = re.compile(r"\s*,?\s*[}\]]").match(text, end)
        if closed is None:
            raise CannotEditError
        end = closed.end()
    return end


def _is_flow(text: str, route: Route) -> bool:
    return text[_index(text, places(text)[route].place)] in "{["


def _index(text: str, place: Place) -> int:
    start = 0
    for _ in range(place.line - 1):
        start = text.find("\n", start) + 1
    return start + place.column - 1


def _line_end(text: str, start: int, allowed: re.Pattern[str]) -> int:
    """Where the line ends, if nothing of another value stands in the rest of it."""
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    if not allowed.fullmatch(text, start, end):
        raise CannotEditError
    return end
