"""Lines of styled text: what reporters make and the terminal paints."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line; `style` is a word of STYLES or empty."""

    text: str
    style: str = ""


Line: TypeAlias = tuple[Span, ...]
Cell: TypeAlias = str | Span

STYLES = ("error", "warning", "info", "good", "added", "removed", "name", "dim", "bold")


def line(*parts: Cell) -> Line:
    """A line of texts and spans."""
    return tuple(part if isinstance(part, Span) else Span(part) for part in parts)


def plain(lines: Iterable[Line]) -> str:
    """The lines as text, each ended by a newline."""
    return "".join("".join(span.text for span in one) + "\n" for one in lines)


def columns(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[Line]:
    """A table: columns as wide as their widest cell, two spaces between, the header dim."""
    table = [[Span(title, "dim") for title in header]]
    table += [[_span(cell) for cell in row] for row in rows]
    widths = [[display_width(cell.text) for cell in row] for row in table]
    widest = [max(row[index] for row in widths) for index in range(len(header))]
    gaps = [Span(" " * width) for width in range(max(widest, default=0) + 3)]
    return [_row(*row, widest, gaps) for row in zip(table, widths, strict=True)]


def display_width(text: str) -> int:
    """Terminal cells that `text` takes, as far as Unicode's East Asian width tells."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )


def _span(cell: Cell) -> Span:
    return cell if isinstance(cell, Span) else Span(cell)


def _row(cells: list[Span], widths: list[int], widest: list[int], gaps: list[Span]) -> Line:
    spans: list[Span] = []
    for cell, width, most in zip(cells, widths, widest, strict=True):
        spans += (cell, gaps[most - width + 2])
    while spans and not spans[-1].text.strip():
        spans.pop()  # no blanks at the end of a line
    return tuple(spans)
