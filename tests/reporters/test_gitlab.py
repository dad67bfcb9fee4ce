"""Code quality reports as GitLab reads them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from promptreg.checks.report import Report
from promptreg.model.finding import Finding, Location, Place, Severity
from promptreg.reporters.gitlab import gitlab
from promptreg.reporters.options import ReportOptions

Judge = Callable[[str], Any]


def test_in_full(report: Report, options: ReportOptions, valid_gitlab: Judge) -> None:
    assert valid_gitlab(gitlab(report, options)) == [
        {
            "description": "100% odd: a b",
            "check_name": "suspicious-character",
            "fingerprint": report.findings[0].fingerprint,
            "severity": "minor",
            "location": {"path": "registry/partials/a b%c.j2", "lines": {"begin": 1}},
        },
        {
            "description": "`tier` is used but not declared "
            "(fix: add `tier` under `inputs:` or remove it from the template)",
            "check_name": "undeclared-input",
            "fingerprint": report.findings[1].fingerprint,
            "severity": "major",
            "location": {"path": "registry/prompts/triage.prompt.yaml", "lines": {"begin": 14}},
        },
    ]


def test_findings_that_share_a_fingerprint_are_told_apart(valid_gitlab: Judge) -> None:
    twins = tuple(
        Finding("r", Severity.INFO, "m", Location("a", (), Place(line, 1))) for line in (1, 2, 3)
    )
    issues = valid_gitlab(gitlab(Report("t", twins, 1, 0), ReportOptions()))
    first = twins[0].fingerprint
    assert [one["fingerprint"] for one in issues] == [first, f"{first}-2", f"{first}-3"]
    assert {one["severity"] for one in issues} == {"info"}


def test_no_findings_are_an_empty_list(valid_gitlab: Judge) -> None:
    assert valid_gitlab(gitlab(Report("t", (), 1, 0), ReportOptions())) == []


def test_the_schema_is_not_content_with_anything(valid_gitlab: Judge, report: Report) -> None:
    text = gitlab(report, ReportOptions())
    with pytest.raises(AssertionError):
        valid_gitlab(text.replace('"minor"', '"small"'))
