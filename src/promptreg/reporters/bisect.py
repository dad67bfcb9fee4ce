"""What a search for the first bad commit came to."""

from __future__ import annotations

from itertools import groupby

from promptreg.model.version import Version
from promptreg.releases.bisection import Bisection, Culprit, Judged, Suspect, Verdict
from promptreg.reporters.facts import fact_lines, indented
from promptreg.reporters.lines import Line, Span, line
from promptreg.reporters.moments import to_the_minute
from promptreg.reporters.printable import printable, printable_lines

_SHORT = 12
_STYLES = {Verdict.GOOD: "good", Verdict.BAD: "error", Verdict.SKIP: "warning"}


def bisection_lines(found: Bisection, *, was_run: bool) -> list[Line]:
    """The commit and what it did; or the candidates, where nothing was run."""
    count = len(found.candidates)
    commits = "1 commit" if count == 1 else f"{count} commits"
    ends = f"{printable(found.good.label)} and {printable(found.bad.label)}"
    head = line(
        Span(printable(found.name), "name"),
        f"  {commits} between {ends} touched what it reaches",
    )
    if not was_run:
        steps = "1 of them" if found.steps == 1 else f"{found.steps} of them"
        last = line(Span(f"Good, bad and about {steps} would be judged; nothing was run", "dim"))
        return [head, *(_suspect_line(one) for one in found.candidates), last]
    lines = [head, *(_judged_line(one) for one in found.judged), line()]
    if found.first_bad is not None:
        lines += _culprit_lines(found.first_bad)
    else:
        lines.append(line("Skipped commits keep it open: the first bad one is among these"))
        lines += [_suspect_line(one) for one in found.suspects]
    return [*lines, *(line("note: ", printable(note, most=600)) for note in found.notes)]


def _suspect_line(one: Suspect) -> Line:
    start = Span(f"  {one.commit[:_SHORT]}  {to_the_minute(one.date)}  ", "dim")
    return line(start, printable(one.subject))


def _judged_line(one: Judged) -> Line:
    reason = Span(f"  ({printable(one.reason, most=400)})" if one.reason else "", "dim")
    verdict = Span(f"{one.verdict:<4}", _STYLES[one.verdict])
    return line("  ", verdict, f"  {one.commit[:_SHORT]}  {printable(one.subject)}", reason)


def _culprit_lines(one: Culprit) -> list[Line]:
    lines = [
        line("First bad commit: ", Span(one.commit, "bold")),
        line("  ", Span(printable(one.subject), "bold")),
        line("  ", Span(f"{printable(one.by)}, {to_the_minute(one.date)}", "dim")),
        *(line("  ", text) if text else line() for text in _body(one)),
        line(f"  {_released(one.releases)}"),
    ]
    if one.changes:
        against = f"What it did, compared with {one.compared_with[:_SHORT]}"
        lines += [line(), line(Span(against, "bold"))]
    for group, members in groupby(one.changes, key=lambda fact: fact.group):
        lines.append(line(Span(f"  {group}", "bold")))
        for fact in members:
            lines += indented(fact_lines(fact), "    ")
    return lines


def _body(one: Culprit) -> list[str]:
    return printable_lines(one.message) if one.message else []


def _released(releases: tuple[Version, ...]) -> str:
    if not releases:
        return "in no release yet"
    return "in " + ", ".join(str(version) for version in releases)
