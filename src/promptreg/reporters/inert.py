"""Other people's text inside Markdown, HTML and XML: it is shown, and nothing else.

In Markdown it stands in code, where no service looks for links, mentions, references to issues,
emoji, mathematics or HTML. An entity such as `&#64;` would not do: GitHub looks for mentions in the
page that it has made, where the entity is an `@` again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from promptreg.reporters.printable import MOST, printable

_TICKS = re.compile("`+")
_QUOTED = re.compile("`([^`]+)`")
# Words of letters, small numbers, and punctuation behind them: nothing that any Markdown knows. No
# dot is inside (a link), no digits among letters (a commit), no dot behind a number (a list).
_PLAIN = re.compile(
    r"\(?(?:(?![0-9a-f]{7,}\b)[^\W\d_]+(?:['’-][^\W\d_]+)*[,.;:!?)]{0,2}|\d{1,6}[,;:]?|[,.;:!?)]{0,2})"
)
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def markup(text: str, *, most: int = MOST) -> str:
    """One line for HTML or XML, between tags or in an attribute with double quotes."""
    return printable(text, most=most).translate(_MARKUP)


def code(text: str, *, most: int = MOST) -> str:
    """A code span of Markdown."""
    return _span(printable(text, most=most))


def cell(text: str, *, most: int = MOST) -> str:
    """A code span that can stand in a table, whose borders count in code too."""
    return _span(printable(text, most=most).replace("|", r"\u{7c}"))


def prose(text: str, *, most: int = MOST) -> str:
    """A sentence: plain words stay, what it quotes in backticks and all else becomes code."""
    runs: list[tuple[bool, str]] = []
    for index, piece in enumerate(_QUOTED.split(printable(text, most=most))):
        for is_code, run in [(True, piece)] if index % 2 else _runs(piece):
            if runs and runs[-1][0] == is_code:
                runs[-1] = (is_code, runs[-1][1] + run)  # two spans side by side would be none
            else:
                runs.append((is_code, run))
    return "".join(_span(run) if is_code else run for is_code, run in runs)


def fence(lines: Iterable[str], *, most: int = MOST, language: str = "text") -> list[str]:
    """Lines as they stand, in a block of code that none of them can end."""
    shown = [printable(line.expandtabs(4), most=most) for line in lines]
    ticks = "`" * max(3, 1 + max(map(_longest, shown), default=0))
    return [f"{ticks}{language}", *shown, ticks]


def _span(text: str) -> str:
    ticks = "`" * (1 + _longest(text))
    # Markdown takes one space from either side of a span, unless there is nothing else in it.
    ends = text[:1] + text[-1:]
    pad = " " if not text or (text.strip(" ") and (ends == "  " or "`" in ends)) else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _longest(text: str) -> int:
    return max(map(len, _TICKS.findall(text)), default=0)


def _runs(piece: str) -> list[tuple[bool, str]]:
    runs: list[tuple[bool, str]] = []
    for is_plain, words in groupby(piece.split(" "), lambda word: bool(_PLAIN.fullmatch(word))):
        if runs:
            runs.append((False, " "))
        runs.append((not is_plain, " ".join(words)))
    return [run for run in runs if run[1]]
