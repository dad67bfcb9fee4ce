"""Which items two sequences have in common, in order: Myers' O(ND) algorithm at a bounded cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_STEPS = 2_000_000
"""About a second of work."""
_MOST_EDITS = 1_000
"""Beyond these the two have little in common that a reader would see."""


@dataclass(frozen=True, slots=True)
class Block:
    """`before[old]` became `after[new]`; where `same` they are equal."""

    same: bool
    old: slice
    new: slice


class Aligner:
    """Aligns pairs of sequences until its steps are used up; the rest is one change each.

    Same calls, same answers: steps are counted, no clock is read.
    """

    def __init__(self, steps: int = _STEPS) -> None:
        self._steps = steps

    def align(self, before: Sequence[str], after: Sequence[str]) -> tuple[Block, ...]:
        """Blocks that cover both sequences in order, `same` and not in turn."""
        start = _common(before, after)
        end = _common(before[start:][::-1], after[start:][::-1])
        old, new = before[start : len(before) - end], after[start : len(after) - end]
        runs = [(0, 0, start)] if start else []
        runs += [(x + start, y + start, size) for x, y, size in self._runs(old, new)]
        if end:
            runs.append((len(before) - end, len(after) - end, end))
        return tuple(_blocks(runs, len(before), len(after)))

    def _runs(self, before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int, int]]:
        """Equal runs: where in `before`, where in `after`, how long."""
        if not before or not after:
            return []
        trail = self._trail(before, after)
        return [] if trail is None else _runs_of(trail, len(before), len(after))

    def _trail(self, before: Sequence[str], after: Sequence[str]) -> list[list[int]] | None:
        """For each number of edits how far every diagonal reached; None where it costs too much."""
        old, new = len(before), len(after)
        trail: list[list[int]] = []
        last: list[int] = []
        for edits in range(_MOST_EDITS + 1):
            row = []
            for index in range(edits + 1):
                # Diagonal k = 2 * index - edits; `last` holds those of one edit fewer.
                x = _from(last, index, edits)
                y = x - (2 * index - edits)
                begin = x
                while x < old and y < new and before[x] == after[y]:
                    x += 1
                    y += 1
                row.append(x)
                self._steps -= 1 + x - begin
                if x >= old and y >= new:
                    trail.append(row)
                    return trail
            if self._steps <= 0:
                return None
            trail.append(row)
            last = row
        return None


def _from(last: list[int], index: int, edits: int) -> int:
    if edits == 0:
        return 0
    if index == 0:
        return last[0]
    if index == edits or last[index - 1] >= last[index]:
        return last[index - 1] + 1
    return last[index]


def _runs_of(trail: list[list[int]], old: int, new: int) -> list[tuple[int, int, int]]:
    runs: list[tuple[int, int, int]] = []
    x, y = old, new
    for edits in range(len(trail) - 1, -1, -1):
        index = (x - y + edits) // 2
        begin = _from(trail[edits - 1] if edits else [], index, edits)
        if x > begin:
            runs.append((begin, begin - (x - y), x - begin))
        if edits:
            last = trail[edits - 1]
            came_down = index == 0 or (index != edits and last[index - 1] < last[index])
            y = begin - (x - y)
            x, y = (begin, y - 1) if came_down else (begin - 1, y)
    return runs[::-1]


def _common(before: Sequence[str], after: Sequence[str]) -> int:
    pairs = enumerate(zip(before, after, strict=False))
    most = min(len(before), len(after))
    return next((index for index, (one, other) in pairs if one != other), most)


def _blocks(runs: list[tuple[int, int, int]], old: int, new: int) -> Iterator[Block]:
    x = y = 0
    for at_x, at_y, size in [*runs, (old, new, 0)]:
        if at_x > x or at_y > y:
            yield Block(same=False, old=slice(x, at_x), new=slice(y, at_y))
        if size:
            yield Block(same=True, old=slice(at_x, at_x + size), new=slice(at_y, at_y + size))
        x, y = at_x + size, at_y + size
