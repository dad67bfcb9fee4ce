"""One fact of a comparison as lines."""

from __future__ import annotations

import json
from typing import cast

from promptreg.model.change import KINDS
from promptreg.model.data import Json, Route, format_route
from promptreg.model.json_diff import Difference, Op
from promptreg.releases.comparison import Fact
from promptreg.reporters.lines import Line, Span, line
from promptreg.reporters.printable import printable
from promptreg.reporters.word_lines import word_lines

_SHORT = 60
"""Characters of a text that is shown whole, before and after, instead of word by word."""
_TEXTS = ("text-changed", "partial-changed")
_VAGUE = ("message-detail-changed", "other-changed")
"""Kinds whose details have whole routes."""
_SPEAKING = ("entry", "model", "behaviour", "metadata")
"""Groups whose facts need no words beside the values."""
_STEPS_OF_GROUP = ("inputs", "tools", "model")
"""First steps of routes that the fact's heading already says."""


def fact_lines(fact: Fact) -> list[Line]:
    """A sentence, and below it, indented, what differs inside."""
    if fact.kind in _TEXTS:
        return _text_lines(fact)
    if fact.kind == "roles-changed":
        before, after = (_roles(side) for side in (fact.before, fact.after))
        return [_changed(f"{_in_locale(fact, 'roles')}: ", before, after)]
    if fact.details and fact.group in _SPEAKING:
        return [one for detail in fact.details for one in _detail_lines(detail, _shown_route(fact))]
    head = f"{_label(fact)}: {KINDS[fact.kind].headline}"
    if fact.kind in _VAGUE:
        return [one for detail in fact.details for one in _detail_lines(detail)] or [line(head)]
    if fact.details:
        return [
            line(head),
            *indented([one for detail in fact.details for one in _detail_lines(detail)]),
        ]
    return _plain_lines(fact)


def indented(lines: list[Line], by: str = "  ") -> list[Line]:
    """The lines moved to the right."""
    return [line(by, *one) if one else one for one in lines]


def _plain_lines(fact: Fact) -> list[Line]:
    label = _label(fact)
    if fact.group in _SPEAKING:
        return _value_lines(label, fact.before, fact.after)
    sentence = f"{label}: {KINDS[fact.kind].headline}"
    if fact.kind == "template-moved":
        sides = (printable(str(side or "the manifest")) for side in (fact.before, fact.after))
        return [_changed(sentence + ": ", *sides)]
    if fact.kind.startswith("locale-") or "placeholder" in fact.kind:
        return [line(sentence)]  # before and after are the name that the label shows
    if fact.before is None and fact.after is None:
        return [line(sentence)]
    if (fact.before is None) != (fact.after is None):
        style = "added" if fact.before is None else "removed"
        value = fact.after if fact.before is None else fact.before
        return [line(f"{sentence}  ", Span(_short(value), style))]
    return _value_lines(sentence, fact.before, fact.after)


def _text_lines(fact: Fact) -> list[Line]:
    before, after = cast("str | None", fact.before), cast("str | None", fact.after)
    label = _label(fact)
    if fact.route[-1:] == ("data",):
        sizes = (f"{len(side or '')} characters" for side in (before, after))
        return [_changed(f"{label}: the data changed: ", *sizes)]
    return [line(f"{label}: {_what(fact)}"), *indented(word_lines(before or "", after or ""))]


def _what(fact: Fact) -> str:
    if fact.kind == "partial-changed":
        if fact.before is None:
            return "now reached"
        return "no longer reached" if fact.after is None else KINDS[fact.kind].headline
    if not fact.before:
        return "a text was added"
    return KINDS[fact.kind].headline if fact.after else "a text was removed"


def _label(fact: Fact) -> str:
    """What the fact is about: an input's name, a message, a file, a key."""
    if fact.kind == "partial-changed":
        return printable(fact.path)
    if fact.kind == "template-moved":
        return _in_locale(fact, printable(fact.role) or "template")
    if fact.kind == "text-changed":
        where = printable(fact.path or format_route(fact.route))
        return _in_locale(fact, f"{printable(fact.role)} ({where})" if fact.role else where)
    if "placeholder" in fact.kind:
        name = fact.after if fact.after is not None else fact.before
        return printable(str(name))
    label = format_route(_shown_route(fact)) or format_route(fact.route) or fact.group
    return printable(f"tool {label}" if fact.kind.startswith("tool-") else label)


def _shown_route(fact: Fact) -> Route:
    """The fact's route without what the heading of its group says."""
    return fact.route[1:] if fact.route[:1] and fact.route[0] in _STEPS_OF_GROUP else fact.route


def _in_locale(fact: Fact, label: str) -> str:
    return f"locale {printable(fact.locale)}, {label}" if fact.locale else label


def _detail_lines(detail: Difference, below: Route = ()) -> list[Line]:
    label = printable(format_route((*below, *detail.route)))
    start = f"{label}: " if label else ""
    if detail.op is Op.REORDERED:
        return [line(f"{start}the order changed")]
    if detail.op is Op.CHANGED:
        return _value_lines(label, detail.before, detail.after, given=True)
    value = detail.before if detail.op is Op.REMOVED else detail.after
    return [line(start, Span(f"{detail.op} {_short(value)}", detail.op.value))]


def _value_lines(label: str, before: Json, after: Json, *, given: bool = False) -> list[Line]:
    start = f"{label}: " if label else ""
    if isinstance(before, str) and isinstance(after, str) and _is_long(before, after):
        return [line(f"{label}:" if label else "the text:"), *indented(word_lines(before, after))]
    if before is None and after is None and not given:
        return [line(label)]
    if before is None and not given:
        return [line(start, Span(f"added {_short(after)}", "added"))]
    if after is None and not given:
        return [line(start, Span(f"removed {_short(before)}", "removed"))]
    return [_changed(start, _short(before), _short(after))]


def _is_long(before: str, after: str) -> bool:
    return any(len(text) > _SHORT or "\n" in text for text in (before, after))


def _changed(start: str, before: str, after: str) -> Line:
    return line(start, Span(before, "removed"), " -> ", Span(after, "added"))


def _roles(structure: Json) -> str:
    return printable(", ".join(str(one) for one in cast("list[Json]", structure)))


def _short(value: Json) -> str:
    return printable(json.dumps(value, ensure_ascii=False))
