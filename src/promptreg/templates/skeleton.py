"""The facts about a text from those about its skeleton, which many texts have in common.

A skeleton is the tags of a text, each as written, and how the data between them breaks lines. Two
texts of one skeleton are the same to Jinja's parser and to all that reads its tree, but for the
data itself and for where things stand. So one short text is read in the place of all of them, and
what it says is moved to where the tags of each stand. The file that an `include` or an `extends`
names is left out of the skeleton, too, where no other tag stands on its line.

Nothing here knows Jinja's grammar: its own lexer says whether a tag stands for itself, and a text
with anything else in it, or with any problem, is for `analyse_whole`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from jinja2 import TemplateSyntaxError

from promptreg.model.finding import Place
from promptreg.templates.analysed import Analysis, Reference
from promptreg.templates.environment import compiler
from promptreg.templates.places import is_one_tag
from promptreg.templates.whole_analysis import analyse_whole

_MOST_CHARACTERS = 64 * 1024
_MOST_TAGS = 500

# A tag without braces of its own, else the two characters that open one: no start is tried twice.
_TAG = re.compile(r"(\{(?:\{[^{}]*\}\}|%[^{}]*%\}|#[^{}]*#\}|[{%#]))")
_LEADING = re.compile(
    r"""\{%[-+]? *(?:include|extends) +(["'])(?P<name>[A-Za-z0-9_./-]+)\1"""
    r"""(?: +ignore +missing)?(?: +with(?:out)? +context)? *[-+]?%\}"""
)
_STAND_IN = "promptreg-file-"
_ENDS = {
    "variable_begin": "variable_end",
    "block_begin": "block_end",
    "comment_begin": "comment_end",
}

# What stands for the data before a tag: none, some on one line, lines that end before the tag, and
# lines of which the last goes on with it.
_NONE, _INLINE, _LINES, _BROKEN = "", "x", "x\n", "x\nx"

_TagKey: TypeAlias = str | tuple[str, str]
_Key: TypeAlias = tuple[tuple[str, _TagKey], ...]


class _Tag(NamedTuple):
    """What there is to know of one tag's text; `around` is an `include` or `extends` without its name."""

    breaks: int
    after: int
    """The column after its end, where it has line breaks."""
    name: str
    around: tuple[str, str]


class _Mark(NamedTuple):
    """A place by its tag: lines below the tag's start, and a column of that line or in the tag."""

    tag: int
    below: int
    column: int
    is_in_tag: bool


@dataclass(frozen=True, slots=True)
class _Skeleton:
    """An analysis, and the marks of its places."""

    analysis: Analysis
    variables: tuple[_Mark, ...]
    references: tuple[_Mark, ...]
    literals: tuple[_Mark, ...]
    lonely: frozenset[int]
    """The tags whose names are left out. They alone refer on their lines."""


def analyse_by_skeleton(source: str) -> Analysis | None:
    """As `analyse_whole`, or None where only that can tell."""
    if len(source) > _MOST_CHARACTERS or "\r" in source:
        return None
    pieces = _TAG.split(source)
    if len(pieces) > 2 * _MOST_TAGS:
        return None
    read = _read(pieces)
    if read is None:
        return None
    key, starts = read
    skeleton = _skeleton(key)
    return None if skeleton is None else _moved(skeleton, starts, pieces)


def _read(pieces: Sequence[str]) -> tuple[_Key, list[tuple[int, int]]] | None:
    """The key of a skeleton, and the line and column where each tag starts."""
    key: list[tuple[str, _TagKey]] = []
    starts: list[tuple[int, int]] = []
    line = column = 1
    last = len(pieces) - 2
    for index in range(1, len(pieces), 2):
        data, text = pieces[index - 1], pieces[index]
        tag = _tag(text)
        if tag is None:
            return None
        shape = _NONE
        if breaks := data.count("\n"):
            line += breaks
            column = len(data) - data.rfind("\n")
            shape = _LINES if column == 1 else _BROKEN
        elif data:
            column += len(data)
            shape = _INLINE
        starts.append((line, column))
        is_lonely = (breaks or index == 1) and (index == last or "\n" in pieces[index + 1])
        key.append((shape, tag.around if tag.name and is_lonely else text))
        line += tag.breaks
        column = tag.after if tag.breaks else column + len(text)
    return tuple(key), starts


@lru_cache(maxsize=8192)
def _tag(text: str) -> _Tag | None:
    """None where the text is no whole tag, opens a raw block, or says what stands in for names."""
    try:
        tokens = list(compiler().lex(text))
    except (TemplateSyntaxError, RuntimeError):
        return None
    kinds = [kind for _, kind, _ in tokens]
    if len(kinds) < 2 or _ENDS.get(kinds[0]) != kinds[-1]:
        return None
    if any(kind == "data" or kind in _ENDS for kind in kinds[1:-1]):
        return None
    is_whole = "".join(value for _, _, value in tokens) == text and is_one_tag(text)
    if not is_whole or _STAND_IN in text:
        return None
    breaks = text.count("\n")
    after = len(text) - text.rfind("\n") if breaks else 0
    leading = _LEADING.fullmatch(text)
    if leading is None:
        return _Tag(breaks, after, "", ("", ""))
    around = text[: leading.start("name")], text[leading.end("name") :]
    return _Tag(breaks, after, leading["name"], around)


@lru_cache(maxsize=2048)
def _skeleton(key: _Key) -> _Skeleton | None:
    """What all texts of a skeleton have in common; None where they are to be read one by one."""
    tags = [
        text if isinstance(text, str) else f"{text[0]}{_STAND_IN}{number}{text[1]}"
        for number, (_, text) in enumerate(key)
    ]
    pieces = [piece for (shape, _), tag in zip(key, tags, strict=True) for piece in (shape, tag)]
    analysis = analyse_whole("".join((*pieces, _INLINE)))
    if analysis.problems:
        return None
    marks = _Marks(pieces)
    try:
        return _Skeleton(
            analysis,
            tuple(marks.of(place) for _, place in analysis.variables),
            tuple(marks.of(one.place) for one in analysis.references),
            tuple(marks.of(place) for _, place in analysis.literals),
            frozenset(n for n, (_, text) in enumerate(key) if not isinstance(text, str)),
        )
    except LookupError:
        return None


class _Marks:
    """From places in the text that a skeleton was read from to its tags."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self._starts: list[tuple[int, int]] = []
        self._ends: list[tuple[int, int]] = []
        line = column = 1
        for number, piece in enumerate(pieces):
            if number % 2:
                self._starts.append((line, column))
            line += piece.count("\n")
            column = len(piece) - piece.rfind("\n") if "\n" in piece else column + len(piece)
            if number % 2:
                self._ends.append((line, column))

    def of(self, place: Place) -> _Mark:
        """The tag that holds `place`, or else, where only a line is told, any on that line.

        Raises LookupError where there is none.
        """
        at = (place.line, place.column)
        tag = bisect_right(self._starts, at) - 1
        if tag < 0 or at >= self._ends[tag]:
            return self._of_line(place)
        line, column = self._starts[tag]
        if line == place.line:
            return _Mark(tag, 0, place.column - column, is_in_tag=True)
        return _Mark(tag, place.line - line, place.column, is_in_tag=False)

    def _of_line(self, place: Place) -> _Mark:
        spans = enumerate(zip(self._starts, self._ends, strict=True))
        for tag, ((first, _), (last, _)) in spans:
            if first <= place.line <= last and place.column == 1:
                return _Mark(tag, place.line - first, 1, is_in_tag=False)
        raise LookupError(place)


def _moved(
    skeleton: _Skeleton, starts: Sequence[tuple[int, int]], pieces: Sequence[str]
) -> Analysis:
    """What the skeleton says, of a text whose tags start at `starts`."""
    known = skeleton.analysis
    variables = zip(known.variables, skeleton.variables, strict=True)
    literals = zip(known.literals, skeleton.literals, strict=True)
    return Analysis(
        variables=tuple((name, _place(mark, starts)) for (name, _), mark in variables),
        assigned=known.assigned,
        references=tuple(_references(skeleton, starts, pieces)),
        literals=tuple((value, _place(mark, starts)) for (value, _), mark in literals),
    )


def _references(
    skeleton: _Skeleton, starts: Sequence[tuple[int, int]], pieces: Sequence[str]
) -> Iterator[Reference]:
    for reference, mark in zip(skeleton.analysis.references, skeleton.references, strict=True):
        name = reference.name
        if mark.tag in skeleton.lonely and (tag := _tag(pieces[2 * mark.tag + 1])):
            name = tag.name
        yield Reference(
            kind=reference.kind,
            name=name,
            place=_place(mark, starts),
            with_context=reference.with_context,
            ignore_missing=reference.ignore_missing,
            visible=reference.visible,
        )


def _place(mark: _Mark, starts: Sequence[tuple[int, int]]) -> Place:
    line, column = starts[mark.tag]
    return Place(line + mark.below, mark.column + column if mark.is_in_tag else mark.column)
