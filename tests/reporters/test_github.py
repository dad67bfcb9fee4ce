"""Workflow commands as GitHub's runner reads them."""

from __future__ import annotations

from promptreg.checks.report import Report
from promptreg.model.finding import Finding, Location, Place, Severity
from promptreg.reporters.github import github
from promptreg.reporters.options import ReportOptions


def test_in_full(report: Report, options: ReportOptions) -> None:
    assert github(report, options) == (
        "::warning file=registry/partials/a b%25c.j2,title=suspicious-character::100%25 odd: a b\n"
        "::error file=registry/prompts/triage.prompt.yaml,line=14,col=15,"
        "title=undeclared-input (support/triage)::`tier` is used but not declared"
        "%0Adeclared here: registry/prompts/triage.prompt.yaml:22:1 (inputs)"
        "%0Aused here too: registry/partials/tone, v2.j2"
        "%0Afix: add `tier` under `inputs:` or remove it from the template\n"
        "1 error, 1 warning in 2 prompts and 0 agents\n"
    )


def test_information_is_a_notice() -> None:
    report = Report("t", (Finding("r", Severity.INFO, "m", Location("a")),), 1, 0)
    assert github(report, ReportOptions()).startswith("::notice file=a,title=r::m\n")


def test_data_adds_no_command_and_no_property() -> None:
    finding = Finding(
        "r",
        Severity.ERROR,
        "m\n::set-env name=A::b %0A::stop",
        Location("a,line=9::x\r\n.yaml", (), Place(1, 2)),
        entry="e,col=7",
    )
    assert github(Report("t", (finding,), 1, 0), ReportOptions()).split("\n")[0] == (
        "::error file=a%2Cline=9%3A%3Ax\\u{d}\\u{a}.yaml,line=1,col=2,title=r (e%2Ccol=7)"
        "::m\\u{a}::set-env name=A::b %250A::stop"
    )


def test_no_findings_are_no_command() -> None:
    report = Report("t", (), 1, 0)
    assert github(report, ReportOptions()) == "No findings in 1 prompt and 0 agents\n"
