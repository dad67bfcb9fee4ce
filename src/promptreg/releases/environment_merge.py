"""Merging an environment's file by entry: what two sides did to different entries goes together.

What both did to one entry, in different ways, is a conflict around that entry alone. So is a freeze
on one side with a move on the other: somebody has to say which comes first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from promptreg.model.data import Json
from promptreg.model.environment import FOLDER, parse_environment
from promptreg.registry.documents import parse_document
from promptreg.releases.environment_chunks import HEAD, SECTIONS, TAIL, Chunk, chunks_of, opened

_OURS, _MIDDLE, _THEIRS = "<<<<<<< ours", "=======", ">>>>>>> theirs"
_PATH = f"{FOLDER}/merged.yaml"
_FROZEN, _ENTRY = "frozen", "\0"


@dataclass(frozen=True, slots=True)
class Merged:
    """The file's bytes, and what a person has to decide: names of entries or keys, sorted.

    `whole` says why the file as a whole is left to them; then markers stand around all that
    differs.
    """

    content: bytes
    conflicts: tuple[str, ...] = ()
    whole: str = ""

    @property
    def is_clean(self) -> bool:
        """Whether nothing is left to decide."""
        return not self.conflicts and not self.whole


def merge_environment(base: bytes, ours: bytes, theirs: bytes) -> Merged:
    """`ours` with what `theirs` did since `base`, which is empty where both made the file.

    Lines that weren't touched keep their bytes; new ones get the line ends of `ours`.
    """
    if theirs in (ours, base):
        return Merged(ours)
    if base == ours:
        return Merged(theirs)
    sides = (base, ours, theirs)
    data = [_read(one) for one in sides]
    known = [one for one in data if one is not None]
    if len(known) < len(sides):
        return _whole(ours, theirs, "one of the versions is no environment")
    merge = _Merge(chunks_of(base.decode()), chunks_of(ours.decode()), chunks_of(theirs.decode()))
    content = merge.text().encode()
    if merge.conflicts:
        return Merged(content, tuple(sorted(merge.conflicts)))
    if _read(content) != _wanted(*known):
        return _whole(ours, theirs, "its shape leaves no safe way to merge it by entry")
    return Merged(content)


def _read(content: bytes) -> dict[str, Json] | None:
    """What the file says, entries without their section's place; None where it is broken."""
    if not content.strip():
        return {}
    parsed = parse_document(_PATH, content, "Environment")
    if parsed.data is None or parse_environment(parsed.data).torn:
        return None
    found: dict[str, Json] = {
        key: value for key, value in parsed.data.items() if key not in SECTIONS
    }
    for section in SECTIONS:
        entries = parsed.data.get(section, {})
        if isinstance(entries, dict):
            found |= {f"\0{name}": [section, value] for name, value in entries.items()}
    return found


def _wanted(
    base: dict[str, Json], ours: dict[str, Json], theirs: dict[str, Json]
) -> dict[str, Json]:
    found = dict(ours)
    for key in theirs.keys() | base.keys():
        if ours.get(key) == base.get(key):
            found.pop(key, None)
            if key in theirs:
                found[key] = theirs[key]
    return found


class _Merge:
    """One merge; `conflicts` are known once `text` was asked for."""

    def __init__(self, base: list[Chunk], ours: list[Chunk], theirs: list[Chunk]) -> None:
        self._base, self._ours, self._theirs = (
            {_key(chunk): chunk for chunk in side} for side in (base, ours, theirs)
        )
        self._chunks = ours, theirs
        self._newline = "\r\n" if any(one.lines[0].endswith("\r\n") for one in ours[:1]) else "\n"
        self._disputed = self._is_frozen_and_moved()
        self.conflicts: set[str] = set()

    def text(self) -> str:
        """The merged file, with markers around what is in conflict."""
        ours, theirs = self._chunks
        order = list(ours)
        for index, chunk in enumerate(theirs):
            if all(_place(one) != _place(chunk) for one in order):
                order.insert(_spot(order, theirs, index), chunk)
        pieces = [(chunk, self._merged(chunk)) for chunk in order]
        full = {one.section for one, lines in pieces if one.name not in {HEAD, TAIL} and lines}
        found: list[str] = []
        for chunk, told in pieces:
            lines = told
            if chunk.section in SECTIONS and chunk.name == HEAD:
                lines = told or (chunk.lines if chunk.section in full else ())
                lines = opened(lines, is_empty=chunk.section not in full)
            for line in lines:
                if found and not found[-1].endswith("\n"):
                    found[-1] += self._newline
                found.append(line)
        return "".join(found)

    def _merged(self, chunk: Chunk) -> tuple[str, ...]:
        """What stands where this piece does: its lines, with markers where the sides differ."""
        key = _key(chunk)
        base, ours, theirs = (side.get(key) for side in (self._base, self._ours, self._theirs))
        mine = ours.lines if ours and _place(ours) == _place(chunk) else ()
        other = theirs.lines if theirs and _place(theirs) == _place(chunk) else ()
        is_disputed = self._disputed and key == (_FROZEN, HEAD)
        if not is_disputed and (_same(ours, theirs) or _same(base, theirs)):
            return mine
        if not is_disputed and _same(base, ours):
            return self._ended(other)
        self.conflicts.add(chunk.section if chunk.name in {HEAD, TAIL} else chunk.name)
        marks = [f"{mark}{self._newline}" for mark in (_OURS, _MIDDLE, _THEIRS)]
        return (marks[0], *self._ended(mine), marks[1], *self._ended(other), marks[2])

    def _is_frozen_and_moved(self) -> bool:
        """Whether one side froze the environment while the other changed what runs in it."""
        for one, other in ((self._ours, self._theirs), (self._theirs, self._ours)):
            froze = _frozen(one) and not _frozen(other) and not _frozen(self._base)
            entries = {key for key in (*other, *self._base) if key[0] == _ENTRY}
            if froze and any(not _same(other.get(key), self._base.get(key)) for key in entries):
                return True
        return False

    def _ended(self, lines: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(line.rstrip("\r\n") + self._newline for line in lines)


def _key(chunk: Chunk) -> tuple[str, str]:
    """What a piece is about, whichever section it stands in."""
    is_entry = chunk.section in SECTIONS and chunk.name != HEAD
    return (_ENTRY, chunk.name) if is_entry else (chunk.section, chunk.name)


def _place(chunk: Chunk) -> tuple[str, str]:
    return chunk.section, chunk.name


def _same(one: Chunk | None, other: Chunk | None) -> bool:
    if one is None or other is None:
        return one is other
    return _place(one) == _place(other) and one.plain == other.plain


def _frozen(side: Mapping[tuple[str, str], Chunk]) -> bool:
    return (_FROZEN, HEAD) in side


def _spot(order: list[Chunk], theirs: list[Chunk], index: int) -> int:
    """Where a piece that only the other side has belongs: entries by name, keys as they have it."""
    new = theirs[index]
    if new.name not in {HEAD, TAIL}:
        for place, one in enumerate(order):
            if one.section == new.section and one.name not in {HEAD, TAIL} and one.name > new.name:
                return place
        before = [new.section]
    else:
        before = [one.section for one in reversed(theirs[:index]) if one.section != new.section]
    for section in before:
        places = [place for place, one in enumerate(order) if one.section == section]
        if places:
            return places[-1] + 1
    return 0


def _whole(ours: bytes, theirs: bytes, why: str) -> Merged:
    """Markers around all lines but those that both sides begin and end with."""
    mine, other = ours.splitlines(keepends=True), theirs.splitlines(keepends=True)
    start = 0
    while start < min(len(mine), len(other)) and mine[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(mine), len(other)) - start and mine[-1 - end] == other[-1 - end]:
        end += 1
    newline = b"\r\n" if mine and mine[0].endswith(b"\r\n") else b"\n"
    found: list[bytes] = [
        *mine[:start],
        _OURS.encode() + newline,
        *_closed(mine[start : len(mine) - end], newline),
        _MIDDLE.encode() + newline,
        *_closed(other[start : len(other) - end], newline),
        _THEIRS.encode() + newline,
        *mine[len(mine) - end :],
    ]
    return Merged(b"".join(found), whole=why)


def _closed(lines: list[bytes], newline: bytes) -> list[bytes]:
    """The lines, the last one ended, so that a marker stands in a line of its own."""
    if lines and not lines[-1].endswith((b"\n", b"\r")):
        return [*lines[:-1], lines[-1] + newline]
    return lines
