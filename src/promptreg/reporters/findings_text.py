"""Findings for people: place, message, the line itself, related places, the fix."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.report import Report
from promptreg.model.data import format_route
from promptreg.model.finding import Finding, Location, Severity
from promptreg.reporters.lines import Cell, Line, Span, line
from promptreg.reporters.printable import printable

_MESSAGE, _EXCERPT = 600, 120
_MOST = 500
"""Findings that are shown one by one: nobody reads more, and a log has an end."""


def text_lines(report: Report) -> list[Line]:
    """The report, the worst findings of a very long one, and the summary last."""
    shown = report.findings
    if len(shown) > _MOST:
        worst = {*sorted(shown, key=lambda finding: -finding.severity)[:_MOST]}
        shown = tuple(finding for finding in shown if finding in worst)
    lines = [one for finding in shown for one in finding_lines(finding, report)]
    if len(shown) < len(report.findings):
        left = len(report.findings) - len(shown)
        lines.append(line(f"… and {left} more; `--format json` lists all"))
    return [*lines, summary(report)]


def summary(report: Report) -> Line:
    """`1 error, 2 warnings in 17 prompts and 5 agents`."""
    judged = f"{many(report.prompts, 'prompt')} and {many(report.agents, 'agent')}"
    elsewhere = f" ({report.elsewhere} more elsewhere)" if report.elsewhere else ""
    counts = [(severity, report.count(severity)) for severity in sorted(Severity, reverse=True)]
    spans: list[Span | str] = []
    for severity, count in counts:
        if count:
            word = "info" if severity is Severity.INFO else severity.word
            said = f"{count} {word}" if severity is Severity.INFO else many(count, word)
            spans += [", "] * bool(spans) + [Span(said, severity.word)]
    if not spans:
        return line(Span("No findings", "good"), f" in {judged}{elsewhere}")
    return line(*spans, f" in {judged}{elsewhere}")


def count_spans(report: Report) -> list[Cell]:
    """`1 error`, `, `, `2 warnings`, the worst first; empty where nothing was found."""
    spans: list[Cell] = []
    for severity in sorted(Severity, reverse=True):
        count = report.count(severity)
        if count:
            spans += [", "] * bool(spans) + [Span(many(count, severity.word), severity.word)]
    return spans


def many(count: int, word: str, words: str = "") -> str:
    """`1 entry`, `2 entries`; where no `words` are said they are the word and an `s`."""
    return f"{count} {word if count == 1 else words or word + 's'}"


def finding_lines(finding: Finding, report: Report) -> Iterator[Line]:
    """One finding: its place and message, the line it points to, related places, the fix."""
    severity = finding.severity.word
    yield line(
        Span(f"{_place(finding.at)}: ", "dim"),
        Span(f"{severity}[{printable(finding.rule)}]", severity),
        f" {printable(finding.message, most=_MESSAGE)}",
    )
    place = finding.at.place
    margin = "  "
    if place is not None:
        excerpt = report.excerpts.get((finding.at.path, place.line), "")
        if excerpt.strip():
            number = f"{place.line}"
            margin = " " * (len(number) + 2)
            shown = printable(excerpt.expandtabs(4).rstrip(), most=_EXCERPT)
            yield line(Span(f"  {number} | ", "dim"), shown)
    for related in finding.related:
        yield line(f"{margin} ", Span("= ", "dim"), _related(related, finding.at.path))
    if finding.fix:
        fix = printable(finding.fix, most=_MESSAGE)
        yield line(f"{margin} ", Span("= ", "dim"), Span("fix:", "good"), f" {fix}")


def _place(at: Location) -> str:
    path = printable(at.path)
    return f"{path}:{at.place.line}:{at.place.column}" if at.place else path


def _related(at: Location, path: str) -> str:
    note = printable(at.note or "see also")
    route = f"`{printable(format_route(at.route))}`" if at.route else ""
    if at.path != path:
        return f"{note}: {_place(at)}" + (f" ({route})" if route else "")
    where = f"line {at.place.line}" if at.place else ""
    return f"{note}: " + ", ".join(part for part in (route, where) if part)
