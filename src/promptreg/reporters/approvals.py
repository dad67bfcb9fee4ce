"""Who approved what, as a table, and what each environment still needs."""

from __future__ import annotations

from promptreg.checks.approval_status import Approvals, Given, Need
from promptreg.reporters.lines import Cell, Line, Span, columns, line
from promptreg.reporters.moments import to_the_minute
from promptreg.reporters.printable import printable

_DIGEST = len("sha256:") + 12


def approvals_lines(found: Approvals) -> list[Line]:
    """The content, its approvals, and a block for each environment."""
    what = f"{found.name} {found.version or '(not released)'}"
    lines = [line(Span(what, "name"), f", {found.risk} risk, {found.digest[:_DIGEST]}")]
    if found.approvals:
        header = ("WHO", "AS", "WHEN", "DIGEST", "SIGNED", "COUNTS")
        rows = [_row(one) for one in found.approvals]
        lines += [line("  ", *row) for row in columns(header, rows)]
    else:
        lines.append(line(Span("  nobody has approved it", "dim")))
    if found.authors:
        people = printable(", ".join(found.authors), most=600)
        lines.append(line(Span(f"  changed by {people}, who can't approve it", "dim")))
    for need in found.environments:
        lines += [line(), *_need_lines(need)]
    return lines


def _row(one: Given) -> list[Cell]:
    return [
        printable(one.email) or printable(one.path),
        one.team or "-",
        printable(to_the_minute(one.at)) or "-",
        one.digest[:_DIGEST] or "-",
        Span(one.signed, "error" if one.signed == "wrong" else ""),
        Span("yes", "good") if one.counts else Span(f"no: {printable(one.reason)}", "warning"),
    ]


def _need_lines(need: Need) -> list[Line]:
    lines = [line(Span(need.environment, "name"), ": ", *_asked(need))]
    lines += [line("  not counted here: ", printable(one)) for one in need.left_out]
    for one in need.missing:
        lines.append(line("  ", Span("missing: ", "warning"), printable(one.message, most=600)))
        lines.append(line(Span(f"    {printable(one.fix, most=600)}", "dim")))
    if not need.missing:
        lines.append(line(Span("  nothing is missing", "good")))
    return lines


def _asked(need: Need) -> list[Cell]:
    if not need.count:
        return ["asks for no approval"]
    signed = "signed " if need.signed else ""
    plural = "s" if need.count > 1 else ""
    teams = f" from {' or '.join(need.teams)}" if need.teams else ""
    given = printable(", ".join(need.given), most=600) or "none"
    return [f"asks for {need.count} {signed}approval{plural}{teams}; has {given}"]
