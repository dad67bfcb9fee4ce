"""What a test expects of a rendered prompt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

from promptreg.checks.judging import Judge
from promptreg.checks.tokens import count_tokens, is_exact
from promptreg.errors import InputError
from promptreg.model.data import Json
from promptreg.model.digest import unix_lines
from promptreg.model.message import RenderedMessage
from promptreg.model.prompt import Expectation
from promptreg.store.json_input import read_json

_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Subject:
    """The rendered messages that a test judges, and what judging them takes."""

    messages: tuple[RenderedMessage, ...]
    judge: Judge
    snapshot: Callable[[str], str | None]
    """The text of a snapshot file by the path that the manifest writes; None where missing."""

    def text(self, role: str = "") -> str:
        """The texts of the messages, or of those with one role, a line break between."""
        return "\n".join(one.text for one in self.messages if role in {"", one.role})


Check: TypeAlias = Callable[[Expectation, Subject], str]


def unmet(expectation: Expectation, subject: Subject) -> str:
    """Why an expectation doesn't hold; empty where it does."""
    return CHECKS[expectation.kind](expectation, subject)


def _contains(expectation: Expectation, subject: Subject) -> str:
    wanted = str(expectation.value)
    return "" if wanted in _text(expectation, subject) else f"the text lacks {_quoted(wanted)}"


def _not_contains(expectation: Expectation, subject: Subject) -> str:
    wanted = str(expectation.value)
    return f"the text has {_quoted(wanted)}" if wanted in _text(expectation, subject) else ""


def _matches(expectation: Expectation, subject: Subject) -> str:
    return _pattern(expectation, subject) and f"nothing matches {_quoted(str(expectation.value))}"


def _not_matches(expectation: Expectation, subject: Subject) -> str:
    wanted: Json = {"not": {"pattern": str(expectation.value)}}
    failed = subject.judge(wanted, _text(expectation, subject))
    return f"the text matches {_quoted(str(expectation.value))}" if failed else ""


def _pattern(expectation: Expectation, subject: Subject) -> str:
    # A pattern of JSON Schema is searched for in linear time, whatever the pattern.
    failed = subject.judge({"pattern": str(expectation.value)}, _text(expectation, subject))
    return failed[0].message if failed else ""


def _equals(expectation: Expectation, subject: Subject) -> str:
    text, wanted = _text(expectation, subject), unix_lines(str(expectation.value))
    return "" if text == wanted else _difference(wanted, text)


def _snapshot(expectation: Expectation, subject: Subject) -> str:
    wanted = subject.snapshot(str(expectation.value))
    if wanted is None:
        return f"there is no snapshot {_quoted(str(expectation.value))}"
    text = _text(expectation, subject)
    return "" if unix_lines(wanted) in {text, text + "\n"} else _difference(wanted, text)


def _max_tokens(expectation: Expectation, subject: Subject) -> str:
    most, found = cast("int", expectation.value), count_tokens(_text(expectation, subject))
    about = "" if is_exact() else "about "
    return "" if found <= most else f"the text has {about}{found} tokens, more than {most}"


def _json_schema(expectation: Expectation, subject: Subject) -> str:
    try:
        value = read_json("the rendered text", _text(expectation, subject).encode())
    except InputError as problem:
        return problem.what
    failed = subject.judge(expectation.value, value)
    return f"the JSON doesn't fit: {failed[0].message}" if failed else ""


def _roles(expectation: Expectation, subject: Subject) -> str:
    wanted = [str(role) for role in cast("list[Json]", expectation.value)]
    found = [message.role for message in subject.messages]
    return "" if found == wanted else f"the roles are {', '.join(found) or 'none'}"


CHECKS: Mapping[str, Check] = {
    "contains": _contains,
    "not_contains": _not_contains,
    "matches": _matches,
    "not_matches": _not_matches,
    "equals": _equals,
    "max_tokens": _max_tokens,
    "json_schema": _json_schema,
    "roles": _roles,
    "snapshot": _snapshot,
}
"""Every kind of expectation, by its key in a manifest."""


def _text(expectation: Expectation, subject: Subject) -> str:
    return unix_lines(subject.text(expectation.role))


def _quoted(text: str) -> str:
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return "`" + shown.replace("\n", "\\n") + "`"


def _difference(wanted: str, text: str) -> str:
    old, new = unix_lines(wanted).split("\n"), text.split("\n")
    for number, (before, after) in enumerate(zip(old, new, strict=False), 1):
        if before != after:
            return f"line {number} is {_quoted(after)}, not {_quoted(before)}"
    return f"the text has {len(new)} lines, not {len(old)}"
