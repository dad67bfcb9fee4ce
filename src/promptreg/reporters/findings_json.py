"""Findings for programs; `schemas/output/validate.schema.json` describes it."""

from __future__ import annotations

from promptreg.checks.report import Report
from promptreg.model.data import Json, format_route
from promptreg.model.finding import Finding, Location, Severity


def json_report(report: Report, *, fail_on: Severity) -> dict[str, Json]:
    """The whole report as plain data."""
    return {
        "schema": "promptreg/validate/v1",
        "tree": report.tree,
        "ok": not report.fails(fail_on),
        "fail_on": fail_on.word,
        "prompts": report.prompts,
        "agents": report.agents,
        "errors": report.count(Severity.ERROR),
        "warnings": report.count(Severity.WARNING),
        "infos": report.count(Severity.INFO),
        "elsewhere": report.elsewhere,
        "notes": list(report.notes),
        "findings": [finding_json(finding) for finding in report.findings],
    }


def finding_json(finding: Finding) -> Json:
    """One finding as plain data."""
    return {
        "rule": finding.rule,
        "severity": finding.severity.word,
        "message": finding.message,
        **_location(finding.at),
        "entry": finding.entry,
        "key": finding.key,
        "fix": finding.fix,
        "fingerprint": finding.fingerprint,
        "related": [{**_location(one), "note": one.note} for one in finding.related],
    }


def _location(at: Location) -> dict[str, Json]:
    return {
        "path": at.path,
        "line": at.place.line if at.place else None,
        "column": at.place.column if at.place else None,
        "route": format_route(at.route),
    }
