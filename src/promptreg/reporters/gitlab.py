"""Findings as a GitLab code quality report, which is a part of the Code Climate format."""

from __future__ import annotations

from collections import Counter

from promptreg.checks.report import Report
from promptreg.model.data import Json
from promptreg.model.finding import Finding, Severity
from promptreg.reporters.options import ReportOptions
from promptreg.reporters.printable import printable
from promptreg.reporters.values import json_text

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}
_MESSAGE, _PATH = 1000, 4096


def gitlab(report: Report, options: ReportOptions) -> str:
    """A list of issues. GitLab takes two of one fingerprint for one, so ours differ."""
    seen: Counter[str] = Counter()
    issues: list[Json] = []
    for finding in report.findings:
        seen[finding.fingerprint] += 1
        issues.append(_issue(finding, seen[finding.fingerprint], options.prefix))
    return json_text(issues)


def _issue(finding: Finding, number: int, prefix: str) -> Json:
    place = finding.at.place
    fix = f" (fix: {printable(finding.fix, most=_MESSAGE)})" if finding.fix else ""
    return {
        "description": printable(finding.message, most=_MESSAGE) + fix,
        "check_name": printable(finding.rule),
        "fingerprint": finding.fingerprint + (f"-{number}" if number > 1 else ""),
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": printable(prefix + finding.at.path, most=_PATH),
            "lines": {"begin": place.line if place else 1},
        },
    }
