"""What `check` says: findings, then what each changed entry needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from promptreg.checks.change_rule import Impact
from promptreg.checks.judgement import Judgement
from promptreg.checks.report import Report
from promptreg.model.data import Json
from promptreg.model.finding import Finding, Severity
from promptreg.model.version import Bump
from promptreg.releases.comparison import Comparison, OtherFile, Problem, Status
from promptreg.reporters.check_blocks import judgement_json, need
from promptreg.reporters.findings_json import finding_json
from promptreg.reporters.findings_text import finding_lines, summary
from promptreg.reporters.lines import Line, Span, line
from promptreg.reporters.printable import printable
from promptreg.reporters.values import as_json

_STYLES = {Bump.MAJOR: "error", Bump.MINOR: "warning"}
_NOTE = 400


def check_lines(
    report: Report,
    judgements: Sequence[Judgement],
    comparison: Comparison,
    inactive: Sequence[str],
    *,
    fail_on: Severity,
) -> list[Line]:
    """For people: every finding, a line for each entry that differs, and the count.

    What compatible changes are is left to the line of their entry, unless they make the run fail.
    """
    counted = frozenset(verdict.rule.id for one in judgements for verdict in one.verdicts)
    told = [one for one in report.findings if not _is_counted(one, counted, fail_on)]
    lines = [one for finding in told for one in finding_lines(finding, report)]
    rest = [
        *(one for judgement in judgements for one in _entry_lines(judgement)),
        *(_other_line(one) for one in comparison.other_files),
        *(line(Span("inactive", "warning"), f" until it is merged: {printable(one)}")
          for one in inactive),
    ]  # fmt: skip
    if not judgements and not comparison.other_files:
        rest.append(line("Nothing of the registry changed"))
    return [*lines, *([line()] if lines else []), *rest, summary(report)]


def check_json(
    report: Report,
    judgements: Sequence[Judgement],
    comparison: Comparison,
    inactive: Sequence[str],
    *,
    fail_on: Severity,
) -> Json:
    """For programs (schema `output/check`)."""
    return {
        "schema": "promptreg/check/v1",
        "base": {"asked": comparison.base.asked, "commit": comparison.base.commit},
        "head": {"asked": comparison.head.asked, "commit": comparison.head.commit},
        "ok": not report.fails(fail_on),
        "fail_on": fail_on.word,
        "errors": report.count(Severity.ERROR),
        "warnings": report.count(Severity.WARNING),
        "infos": report.count(Severity.INFO),
        "entries": [judgement_json(one) for one in judgements],
        "other_files": [as_json(one) for one in comparison.other_files],
        "inactive": list(inactive),
        "notes": list(report.notes),
        "findings": [finding_json(finding) for finding in report.findings],
    }


def _is_counted(finding: Finding, counted: frozenset[str], fail_on: Severity) -> bool:
    return (
        finding.severity is Severity.INFO
        and fail_on is not Severity.INFO
        and finding.rule in counted
    )


def _entry_lines(judgement: Judgement) -> Iterator[Line]:
    name = Span(printable(judgement.name), "name")
    counts = Counter(verdict.impact for verdict in judgement.verdicts)
    words = ", ".join(f"{counts[impact]} {impact}" for impact in Impact if counts[impact])
    comparison = judgement.comparison
    was = comparison.before_name
    before = f", renamed from {printable(was)}" if was else ""
    if comparison.status is Status.BROKEN:
        yield line(name, f"{before}: ", Span("can't be compared", "warning"))
    else:
        needs = Span(need(judgement), _STYLES.get(judgement.bump, ""))
        yield line(name, f"{before}: needs ", needs, f" ({words})" if words else "")
    yield from (_problem_line(one) for one in comparison.problems)


def _problem_line(problem: Problem) -> Line:
    where = printable(problem.path) + (f":{problem.line}" if problem.line else "")
    what = f"{where}: {printable(problem.message, most=_NOTE)} [{problem.rule}]"
    return line("  ", Span(f"{problem.side}", "warning"), f": {what}")


def _other_line(one: OtherFile) -> Line:
    note = f": {printable(one.note, most=_NOTE)}" if one.note else ""
    return line(Span(printable(one.path), "name"), f": {one.what} {one.status}{note}")
