"""What tests came to."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What a run of tests came to, beside its findings."""

    counts: Counts
    broken: tuple[str, ...]
    updated: tuple[str, ...]
    exact_tokens: bool


def run_json(report: Report, facts: RunFacts) -> Json:
    """The stable JSON (schema `output/test`): the findings, and how many tests ran."""
    ran, failed = facts.counts
    findings = json_report(report, fail_on=Severity.ERROR)["findings"]
    return {
        "schema": "promptreg/test/v1",
        "tree": report.tree,
        "ran": ran,
        "failed": failed,
        "broken": list(facts.broken),
        "updated": list(facts.updated),
        "tokens": "exact" if facts.exact_tokens else "estimated",
        "findings": findings,
    }
