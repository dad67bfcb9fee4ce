"""What `init` and `new` wrote or would write, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from promptreg.reporters.lines import Line, Span, line
from promptreg.reporters.printable import printable, printable_lines
from promptreg.reporters.values import result_text

_PATH = 1200
"""Paths are shown whole: people copy them."""


@dataclass(frozen=True, slots=True)
class Scaffolded:
    """Files that were made, or would be; paths as people see them from where they stand."""

    title: str
    created: tuple[str, ...]
    kept: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    by_hand: str = ""
    """Lines that a person has to add to a file that was kept."""
    next_steps: tuple[str, ...] = ()
    """Commands, in order."""
    applied: bool = True


def scaffold_lines(what: Scaffolded) -> list[Line]:
    """The files, what was kept, and the next commands; those only where something was written."""
    lines = [line(printable(what.title))]
    verb = "created" if what.applied else "would create"
    lines += [
        line("  ", Span(verb, "added"), f" {printable(path, most=_PATH)}") for path in what.created
    ]
    lines += [
        line("  ", Span("kept", "dim"), f" {printable(path, most=_PATH)}") for path in what.kept
    ]
    lines += [line("note: ", printable(note, most=400)) for note in what.notes]
    lines += [line("  ", one) for one in printable_lines(what.by_hand)] if what.by_hand else []
    if not what.applied:
        return [*lines, line(Span("nothing was written: this was a dry run", "dim"))]
    return [*lines, *_next(what.next_steps)]


def scaffold_json(what: Scaffolded) -> str:
    """The same for programs (schema `output/scaffold`)."""
    return result_text("scaffold", what)


def _next(commands: Sequence[str]) -> list[Line]:
    if not commands:
        return []
    return [line(), line("Next:"), *(line("  ", printable(one, most=_PATH)) for one in commands)]
