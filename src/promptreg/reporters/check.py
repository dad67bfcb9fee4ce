"""What `check` says: findings, then what each changed entry needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from promptreg.checks.change_rule import Impact
from promptreg.checks.judgement import Judgement
from promptreg.checks.report import Report
from promptreg.model.data import Json
from promptreg.model.finding import Severity
from promptreg.model.version import Bump
from promptreg.releases.comparison import Comparison, Status
from promptreg.reporters.check_blocks import judgement_json
from promptreg.reporters.findings_json import finding_json
from promptreg.reporters.findings_text import finding_lines, summary
from promptreg.reporters.lines import Line, Span, line
from promptreg.reporters.printable import printable
from promptreg.reporters.values import as_json

_STYLES = {Bump.MAJOR: "error", Bump.MINOR: "warning"}


def check_lines(
    report: Report,
    judgements: Sequence[Judgement],
    comparison: Comparison,
    inactive: Sequence[str],
) -> list[Line]:
    """For people: every finding, a line for each entry that differs, and the count."""
    lines = [
        one
        for finding in report.findings
        if finding.severity > Severity.INFO or finding.rule not in _told(judgements)
        for one in finding_lines(finding, report)
    ]
    if judgements and lines:
        lines.append(line())
    lines += [_entry_line(one) for one in judgements]
    lines += [
        line(Span("not judged", "warning"), f": {printable(one.path)} {one.what}")
        for one in comparison.other_files
        if one.note
    ]
    lines += [
        line(Span("inactive", "warning"), f" until it is merged: {printable(one)}")
        for one in inactive
    ]
    if not judgements and not comparison.other_files:
        lines.append(line("No entry changed"))
    return [*lines, summary(report)]


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


def _told(judgements: Sequence[Judgement]) -> frozenset[str]:
    """Rules of compatible changes: the line of their entry counts them, and `diff` shows them."""
    return frozenset(verdict.rule.id for one in judgements for verdict in one.verdicts)


def _entry_line(judgement: Judgement) -> Line:
    name = Span(printable(judgement.name), "name")
    status = judgement.comparison.status
    if status in {Status.BROKEN, Status.UNCHANGED_CONTENT} and not judgement.verdicts:
        return line(name, f": {status.value.replace('-', ' ')}")
    counts = Counter(verdict.impact for verdict in judgement.verdicts)
    words = ", ".join(f"{counts[impact]} {impact}" for impact in Impact if counts[impact])
    bump = Span(judgement.bump.word, _STYLES.get(judgement.bump, ""))
    if status is Status.REMOVED:
        return line(name, f": is removed ({words})")
    return line(name, ": needs a ", bump, f" release ({words})")
