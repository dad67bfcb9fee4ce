"""An environment's file in pieces that can be merged: an entry each, and what is around them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

SECTIONS = ("releases", "suspended")
HEAD, TAIL = "", "\n"
"""Names of the pieces that open a section or follow everything; no key is called so."""

_TOP = re.compile(r"""(?P<quote>["']?)(?P<name>[A-Za-z][A-Za-z0-9_-]*)(?P=quote):|(?P<mark>---)""")
_KEY = re.compile(
    r"""(?P<indent>[ ]+)(?P<quote>["']?)(?P<name>[a-z0-9][a-z0-9_/-]*)(?P=quote)[ ]*:"""
)
_EMPTY = re.compile(r"^(\w+:)[ \t]*\{[ \t]*\}")
_OPEN = re.compile(r"^(\w+:)(?=[ \t]*(?:#.*)?\r?\n?\Z)")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A key at the top of the file, or an entry of a section, with the comments above it.

    `lines` keep their ends.
    """

    section: str
    """`releases` or `suspended`, or the key itself where it is no section."""
    name: str
    """The entry's name; HEAD for the section's own line."""
    lines: tuple[str, ...]

    @property
    def plain(self) -> tuple[str, ...]:
        """The lines, whatever their ends; an empty section is as good as an open one."""
        return tuple(_EMPTY.sub(r"\1", line.rstrip("\r\n")).rstrip() for line in self.lines)


def chunks_of(text: str) -> list[Chunk]:
    """The file's pieces in their order; together they are the text."""
    found: list[Chunk] = []
    waiting: list[str] = []
    current: list[str] = []
    section, name, indent = TAIL, TAIL, ""

    def close() -> None:
        if current:
            found.append(Chunk(section, name, tuple(current)))
        current.clear()

    for line in _lines(text):
        top, key = _TOP.match(line), _KEY.match(line)
        if top:
            close()
            section, name, indent = top["name"] or top["mark"], HEAD, ""
        elif key and section in SECTIONS and key["indent"] == (indent or key["indent"]):
            close()
            name, indent = key["name"], key["indent"]
        elif not line.strip() or line.lstrip().startswith("#"):
            waiting.append(line)  # it belongs to what follows
            continue
        current += [*waiting, line]
        waiting.clear()
    close()
    return [*found, Chunk(TAIL, TAIL, tuple(waiting))] if waiting else found


def opened(lines: Iterable[str], *, is_empty: bool) -> tuple[str, ...]:
    """A section's own line, with `{}` where nothing stands in it and without where something does."""
    shape, put = (_OPEN, r"\1 {}") if is_empty else (_EMPTY, r"\1")
    return tuple(shape.sub(put, line) for line in lines)


def _lines(text: str) -> list[str]:
    """Split at line feeds only: a comment may hold other things that Python takes for line ends."""
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
