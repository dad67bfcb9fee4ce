"""What runs where, as a table for each environment."""

from __future__ import annotations

from promptreg.releases.running import Running, Stage, Status
from promptreg.releases.unreleased import Unreleased, UnreleasedEntry
from promptreg.reporters.holds import hold_lines
from promptreg.reporters.lines import Cell, Line, Span, columns, line
from promptreg.reporters.matrix import matrix_lines
from promptreg.reporters.moments import to_the_minute
from promptreg.reporters.people import name_of
from promptreg.reporters.printable import printable

_UNRELEASED = ("NAME", "RELEASED", "NEEDS", "NEXT", "WHY")
_BUMPS = {"major": "error", "minor": "warning"}
_LONGEST_REASON = 100


def status_lines(status: Status) -> list[Line]:
    """One table of entries by environments, or a block for the one that was asked for.

    Then what is wrong with an environment, and what isn't released.
    """
    moment = f"at {status.at}, " if status.at else ""
    branch = printable(status.branch) or "detached HEAD"
    lines = [line(Span(f"{moment}as of {status.commit[:12]} on {branch}", "dim"))]
    if status.matrix:
        lines += [line(), *matrix_lines(status)]
    else:
        for stage in status.environments:
            lines += [line(), *_stage_lines(stage)]
    pending = status.unreleased
    if pending is not None:
        lines += [line(), *_unreleased_lines(pending)]
    lines += [
        line("note: ", printable(note))
        for note in (*status.notes, *(pending.notes if pending else ()))
    ]
    return lines


def _stage_lines(stage: Stage) -> list[Line]:
    after = Span(f" after {stage.after}" if stage.after else "", "dim")
    head = line(Span(stage.name, "name"), after)
    if stage.problem:
        return [head, line("  ", Span("error: ", "error"), printable(stage.problem, most=600))]
    holds = hold_lines(stage, "  ")
    if not stage.running:
        return [head, line(Span("  nothing runs here", "dim")), *holds]
    rows = [_row(one) for one in stage.running]
    table = columns(("NAME", "VERSION", "BEFORE", "SINCE", "BY", "WHY"), rows)
    problems = [
        line("  ", Span("warning: ", "warning"), f"`{one.name}` {one.version}: {one.problem}")
        for one in stage.running
        if one.problem
    ]
    return [head, *(line("  ", *row) for row in table), *problems, *holds]


def _unreleased_lines(pending: Unreleased) -> list[Line]:
    head = line(Span("unreleased", "name"), Span(f" at {pending.commit[:12]}", "dim"))
    rows: list[list[Cell]] = [
        [
            one.name,
            str(one.since),
            Span(one.bump, _BUMPS.get(one.bump, "")),
            str(one.next),
            _why(one),
        ]
        for one in pending.entries
    ]
    count = len(pending.never_released)
    lines = [line("  ", *row) for row in columns(_UNRELEASED, rows)] if rows else []
    if count:
        lines.append(line(f"  never released: {count} {'entry' if count == 1 else 'entries'}"))
    return [head, *(lines or [line(Span("  everything is as it was released", "dim"))])]


def _why(one: UnreleasedEntry) -> str:
    first = printable(one.reasons[0], most=_LONGEST_REASON) if one.reasons else "-"
    more = len(one.reasons) - 1
    return f"{first} (and {more} more)" if more > 0 else first


def _row(one: Running) -> list[Cell]:
    return [
        one.name,
        Span(str(one.version), "warning" if one.problem else "good"),
        str(one.before or "-"),
        to_the_minute(one.since),
        printable(name_of(one.by)),
        printable(one.reason) or "-",
    ]
