"""Entries by environments, as a table: read from left to right, as a release travels."""

from __future__ import annotations

from collections.abc import Mapping

from promptreg.releases.running import Crossing, Drift, Row, Stage, Status
from promptreg.reporters.holds import hold_lines
from promptreg.reporters.lines import Cell, Line, Span, columns, line
from promptreg.reporters.printable import printable


def matrix_lines(status: Status) -> list[Line]:
    """A row for each entry, a column for each environment, then what is wrong in them."""
    now = status.unreleased is not None
    header = ["NAME", *(("NEXT", "RELEASED") if now else ())]
    header += [stage.name for stage in status.environments]
    after = {stage.name: stage.after for stage in status.environments}
    rows = [_row(row, after, now=now) for row in status.matrix]
    problems = _problems(status.environments)
    return [*columns(header, rows), *([line(), *problems] if problems else [])]


def _row(row: Row, after: Mapping[str, str], *, now: bool) -> list[Cell]:
    cells: list[Cell] = [printable(row.name)]
    if now:
        cells.append(Span(str(row.next), "warning") if row.next else "-")
        cells.append(str(row.newest or "-"))
    return cells + [_cell(one, after[one.environment]) for one in row.environments]


def _cell(one: Crossing, before: str) -> Cell:
    if one.drift is Drift.SUSPENDED:
        return Span("suspended", "warning")
    if one.version is None:
        return Span("?", "error") if one.drift is Drift.UNKNOWN else Span("-", "dim")
    if one.drift is Drift.ALONE:
        return Span(f"{one.version}, not in {before}", "warning")
    if one.drift in {Drift.BEHIND, Drift.AHEAD}:
        return Span(f"{one.version}, {one.releases} {one.drift.value}", "warning")
    return Span(str(one.version), "good")


def _problems(stages: tuple[Stage, ...]) -> list[Line]:
    lines = []
    for stage in stages:
        if stage.problem:
            said = f"{stage.name}: {printable(stage.problem, most=600)}"
            lines.append(line(Span("error: ", "error"), said))
        for one in stage.running:
            if one.problem:
                said = f"{stage.name}: `{one.name}` {one.version}: {one.problem}"
                lines.append(line(Span("warning: ", "warning"), said))
        lines += hold_lines(stage, f"{stage.name}: ")
    return lines
