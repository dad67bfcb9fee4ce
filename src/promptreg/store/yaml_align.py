"""From a position in the text that a YAML scalar stands for to its place in the document."""

from __future__ import annotations

import re
from dataclasses import dataclass

from promptreg.model.finding import Place


@dataclass(frozen=True, slots=True)
class Scalar:
    """A scalar's text, its style (empty when plain, else `'`, `"`, `|` or `>`) and its span."""

    value: str
    style: str
    start: int
    end: int


def position_inside(text: str, scalar: Scalar, inside: Place) -> Place | None:
    """Where the character at `inside` of the scalar's value stands; None where that is unsure.

    A position past the end of a line or of the value counts as that end.
    """
    target = _index(scalar.value, inside)
    if scalar.style in ("|", ">"):
        found = _in_block(text, scalar, target)
    else:
        found = _in_flow(text, scalar, target)
    return None if found is None else _place(text, found)


def _in_block(text: str, scalar: Scalar, target: int) -> int | None:
    """Lines of a block stand in its value in order and unchanged, but for the indentation."""
    value, at = scalar.value, 0
    best: int | None = None
    for line, start in _content_lines(text, scalar):
        found = value.find(line, at)
        if found < 0:
            return best
        if found > target:
            break
        best = start + min(target - found, len(line))
        at = found + len(line)
    return best


def _content_lines(text: str, scalar: Scalar) -> list[tuple[str, int]]:
    """The lines of a block that aren't blank, without indentation, with their start in `text`."""
    first = re.search(r"[^\n]*[^\n ][^\n]*", scalar.value)
    if first is None:
        return []
    lines: list[tuple[str, int]] = []
    indent = -1
    at = text.find("\n", scalar.start) + 1
    while 0 < at < scalar.end:
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end].removesuffix("\r")
        if line.strip(" "):
            if indent < 0:
                # The value's first line may keep spaces of its own; the rest is indentation.
                kept = len(first.group()) - len(first.group().lstrip(" "))
                indent = len(line) - len(line.lstrip(" ")) - kept
            lines.append((line[indent:], at + indent))
        at = end + 1
    return lines


_PIECE = re.compile(
    r"(?P<joined>\\[ \t]*\r?\n[ \t]*)"
    r"|(?P<escape>\\(?:x..|u.{4}|U.{8}|.))"
    r"|(?P<fold>[ \t]*\r?\n[ \t\r\n]*)"
)


def _in_flow(text: str, scalar: Scalar, target: int) -> int | None:
    """Walk the raw text of a plain or quoted scalar until `target` characters are produced."""
    at = scalar.start + (1 if scalar.style else 0)
    end = scalar.end - (1 if scalar.style else 0)
    made = 0
    while at < end:
        step, produced = _piece(text, at, scalar.style)
        # A joined line break stands for nothing, so what is sought comes after it.
        if produced and made + produced > target:
            break
        at += step
        made += produced
    return min(at, end)


def _piece(text: str, at: int, style: str) -> tuple[int, int]:
    """How many raw characters come next, and how many characters they stand for."""
    if style == "'" and text.startswith("''", at):
        return 2, 1
    match = _PIECE.match(text, at)
    if match is None or (match.lastgroup != "fold" and style != '"'):
        return 1, 1
    length = match.end() - at
    if match.lastgroup == "joined":
        return length, 0
    if match.lastgroup == "escape":
        return length, 1
    breaks = match.group().count("\n")
    return length, max(breaks - 1, 1)


def _index(value: str, inside: Place) -> int:
    start = 0
    for _ in range(inside.line - 1):
        end = value.find("\n", start)
        if end < 0:
            return len(value)
        start = end + 1
    end = value.find("\n", start)
    return min(start + inside.column - 1, len(value) if end < 0 else end)


def _place(text: str, index: int) -> Place:
    return Place(text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))
