"""A difference of texts as lines: words marked as git's `--word-diff` does, the rest folded."""

from __future__ import annotations

from collections.abc import Sequence

from promptreg.model.word_diff import Mark, Piece, word_diff
from promptreg.reporters.lines import Line, Span, line
from promptreg.reporters.printable import printable_lines

CONTEXT = 2
"""Unchanged lines that are shown around a change."""
_LONGEST = 160
"""Characters of an unchanged stretch of a line; the middle of a longer one is left out."""
_KEPT = 60
_SIGNS = {Mark.REMOVED: ("[-", "-]", "removed"), Mark.ADDED: ("{+", "+}", "added")}
_LINE_END = "↵"

_Row = list[Piece]


def word_lines(before: str, after: str) -> list[Line]:
    """The changed lines of two texts with some around them.

    `[-removed-]` and `{+added+}`; a line end that came or went is shown as ↵. What is left out is
    counted.
    """
    rows = _rows(word_diff(before, after))
    shown = _shown([any(piece.mark is not Mark.SAME for piece in row) for row in rows])
    lines: list[Line] = []
    left_out = 0
    for row, is_shown in zip(rows, shown, strict=True):
        if not is_shown:
            left_out += 1
            continue
        lines += _gap(left_out)
        left_out = 0
        lines.append(_line(row))
    return [*lines, *_gap(left_out)]


def _rows(pieces: Sequence[Piece]) -> list[_Row]:
    """The pieces line by line, without line feeds but for those that are a change of their own."""
    rows: list[_Row] = [[]]
    for piece in pieces:
        *ended, rest = piece.text.split("\n")
        for text in ended:
            # The end of a line that came or went as a whole goes without saying.
            alone = piece.mark is not Mark.SAME and (not text or bool(rows[-1]))
            if text or alone:
                rows[-1].append(Piece(piece.mark, text + _LINE_END if alone else text))
            rows.append([])
        if rest:
            rows[-1].append(Piece(piece.mark, rest))
    return rows if rows[-1] else rows[:-1]


def _shown(changed: list[bool]) -> list[bool]:
    """Which lines are shown; a gap of one line is no gap."""
    near = [any(changed[max(0, at - CONTEXT) : at + CONTEXT + 1]) for at in range(len(changed))]
    return [
        is_near or (0 < at < len(near) - 1 and near[at - 1] and near[at + 1])
        for at, is_near in enumerate(near)
    ]


def _gap(count: int) -> list[Line]:
    if not count:
        return []
    return [line(Span(f"… {count} unchanged line{'s' if count > 1 else ''}", "dim"))]


def _line(row: _Row) -> Line:
    return line(*(_span(piece) for piece in row))


def _span(piece: Piece) -> Span:
    if piece.mark is Mark.SAME:
        text = piece.text
        if len(text) > _LONGEST:
            text = f"{text[:_KEPT]} … {text[-_KEPT:]}"
        return Span(printable_lines(text)[0])
    opening, closing, style = _SIGNS[piece.mark]
    return Span(f"{opening}{printable_lines(piece.text)[0]}{closing}", style)
