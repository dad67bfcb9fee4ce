"""The difference of two texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from promptreg.model.alignment import Aligner, Block

# Chinese, Japanese and Thai write no blanks between words: each character counts as one.
_DENSE = "\u0e00-\u0eff\u1780-\u17ff\u2e80-\ua4cf\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_PUNCTUATION = r"!-/:-@\[-\^`{-~"
_TOKEN = re.compile(
    rf"\n|[^\S\n]+|[{_DENSE}]|[^\s{_PUNCTUATION}{_DENSE}]+|[{_PUNCTUATION}]", re.ASCII
)
_LITTLE = re.compile(rf"[\s{_PUNCTUATION}]*", re.ASCII)
_ALIKE = 0.3
"""The part of a passage's letters that must stay for its words to be compared at all."""


class Mark(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; it may hold line feeds."""

    mark: Mark
    text: str


def word_diff(before: str, after: str) -> tuple[Piece, ...]:
    """Pieces in reading order, never two of one mark side by side.

    Those that aren't ADDED are `before`, those that aren't REMOVED are `after`. Lines are aligned
    first, then the words within changed lines; a passage that has little in common is removed and
    added as a whole. The cost is bounded: beyond it passages are coarser, never wrong.
    """
    aligner = Aligner()
    old, new = _lines(before), _lines(after)
    pieces: list[Piece] = []
    for block in aligner.align(old, new):
        if block.same:
            pieces.append(Piece(Mark.SAME, "".join(old[block.old])))
        else:
            pieces += _passage(aligner, "".join(old[block.old]), "".join(new[block.new]))
    return tuple(_joined(pieces))


def _lines(text: str) -> list[str]:
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _passage(aligner: Aligner, before: str, after: str) -> list[Piece]:
    whole = [Piece(Mark.REMOVED, before), Piece(Mark.ADDED, after)]
    if not before or not after:
        return whole
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    blocks = _without_islands(aligner.align(old, new), old)
    kept = sum(_weight(old[block.old]) for block in blocks if block.same)
    if kept < _ALIKE * min(_weight(old), _weight(new)):
        return whole
    return [
        piece
        for block in blocks
        for piece in (
            [Piece(Mark.SAME, "".join(old[block.old]))]
            if block.same
            else [
                Piece(Mark.REMOVED, "".join(old[block.old])),
                Piece(Mark.ADDED, "".join(new[block.new])),
            ]
        )
    ]


def _weight(tokens: Iterable[str]) -> int:
    return sum(len(token) for token in tokens if not _LITTLE.fullmatch(token))


def _without_islands(blocks: tuple[Block, ...], old: list[str]) -> list[Block]:
    """Changes with nothing but blanks or punctuation between them are one change."""
    merged: list[Block] = []
    for index, block in enumerate(blocks):
        inner = 0 < index < len(blocks) - 1
        text = "".join(old[block.old])
        island = block.same and inner and "\n" not in text and _LITTLE.fullmatch(text) is not None
        changed = island or not block.same
        if changed and merged and not merged[-1].same:
            last = merged.pop()
            old_part = slice(last.old.start, block.old.stop)
            new_part = slice(last.new.start, block.new.stop)
            merged.append(Block(same=False, old=old_part, new=new_part))
        else:
            merged.append(block)
    return merged


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Between two stretches that stay: all that went, then all that came."""
    gone = come = ""
    same = ""
    for piece in pieces:
        if piece.mark is Mark.SAME:
            if gone or come:
                yield from _flush(same, gone, come)
                same = gone = come = ""
            same += piece.text
        elif piece.mark is Mark.REMOVED:
            gone += piece.text
        else:
            come += piece.text
    yield from _flush(same, gone, come)


def _flush(same: str, gone: str, come: str) -> Iterator[Piece]:
    marked = ((Mark.SAME, same), (Mark.REMOVED, gone), (Mark.ADDED, come))
    yield from (Piece(mark, text) for mark, text in marked if text)
