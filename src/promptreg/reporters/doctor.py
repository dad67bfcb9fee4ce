"""What `doctor` tells: each thing that it looked at, and how to mend what is wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from promptreg.reporters.lines import Line, Span, line
from promptreg.reporters.printable import printable

_MESSAGE = 400


class Level(StrEnum):
    """How much an item matters: an error makes promptreg unsafe or unable to work here."""

    OK = "ok"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was looked at. `fix` is what to do; empty where all is well."""

    id: str
    level: Level
    message: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Everything that was looked at, in the order of the looking."""

    folder: str
    online: bool
    """Whether the remote was asked, too."""
    items: tuple[Item, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing is an error."""
        return all(item.level is not Level.ERROR for item in self.items)


def doctor_lines(diagnosis: Diagnosis) -> list[Line]:
    """A line for each item, its fix below it, and the count."""
    lines = [one for item in diagnosis.items for one in _item_lines(item)]
    counts = Counter(item.level for item in diagnosis.items)
    told = [
        f"{counts[level]} {word}{'' if counts[level] == 1 else 's'}"
        for level, word in ((Level.ERROR, "error"), (Level.WARNING, "warning"))
        if counts[level]
    ]
    return [*lines, line(", ".join(told) or Span("No problems", "good"))]


def _item_lines(item: Item) -> list[Line]:
    style = {Level.OK: "good"}.get(item.level, item.level.value)
    head = line(
        Span(f"{item.level.value:<7}", style),
        f" {printable(item.message, most=_MESSAGE)}",
        Span(f" [{item.id}]", "dim"),
    )
    fixes = [line(f"          {printable(one, most=_MESSAGE)}") for one in _fix_lines(item)]
    return [head, *fixes]


def _fix_lines(item: Item) -> list[str]:
    first, *more = item.fix.split("\n")
    return [f"fix: {first}", *(f"     {one}" for one in more)] if item.fix else []
