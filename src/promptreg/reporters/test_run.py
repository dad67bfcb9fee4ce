"""What tests came to."""

from __future__ import annotations

from promptreg.checks.report import Report
from promptreg.model.data import Json
from promptreg.model.finding import Severity
from promptreg.reporters.findings_json import json_report
from promptreg.reporters.findings_text import finding_lines
from promptreg.reporters.lines import Line, Span, line
from promptreg.reporters.printable import printable

Counts = tuple[int, int]


def run_lines(report: Report, counts: Counts, updated: tuple[str, ...]) -> list[Line]:
    """Failures as findings, then the count."""
    ran, failed = counts
    lines = [one for finding in report.findings for one in finding_lines(finding, report)]
    lines += [line("wrote ", printable(path)) for path in updated]
    passed = Span(f"{ran - failed} passed", "good" if ran > failed else "")
    total = line(passed, ", ", Span(f"{failed} failed", "error" if failed else ""))
    return [*lines, total]


def run_json(report: Report, counts: Counts, *, is_exact: bool) -> Json:
    """The stable JSON (schema `output/test`): the findings, and how many tests ran."""
    ran, failed = counts
    findings = json_report(report, fail_on=Severity.ERROR)["findings"]
    return {
        "schema": "promptreg/test/v1",
        "tree": report.tree,
        "ran": ran,
        "failed": failed,
        "tokens": "exact" if is_exact else "estimated",
        "findings": findings,
    }
