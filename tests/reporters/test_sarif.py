"""SARIF as code scanning reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest

from promptreg.checks.report import Report
from promptreg.model.finding import Finding, Location, Severity
from promptreg.reporters.options import ReportOptions
from promptreg.reporters.sarif import sarif
from promptreg.rules.builtin import descriptions

Judge = Callable[[str], Any]


@pytest.fixture(scope="module")
def run(report: Report, options: ReportOptions, valid_sarif: Judge) -> Any:
    return valid_sarif(sarif(report, options))["runs"][0]


def test_a_result_in_full(run: Any, report: Report) -> None:
    result = run["results"][1]
    file = {"uri": "registry/prompts/triage.prompt.yaml", "uriBaseId": "%SRCROOT%"}
    other = {"uri": "registry/partials/tone%2C%20v2.j2", "uriBaseId": "%SRCROOT%"}
    name = "support/triage"
    assert result == {
        "ruleId": "undeclared-input",
        "ruleIndex": sorted(descriptions()).index("undeclared-input"),
        "level": "error",
        "message": {
            "text": "`tier` is used but not declared\n"
            "Fix: add `tier` under `inputs:` or remove it from the template"
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": file,
                    "region": {"startLine": 14, "startColumn": 15},
                },
                "logicalLocations": [
                    {"name": name, "fullyQualifiedName": name, "kind": "resource"}
                ],
            }
        ],
        "partialFingerprints": {"promptreg/v1": report.findings[1].fingerprint},
        "relatedLocations": [
            {
                "id": 1,
                "physicalLocation": {
                    "artifactLocation": file,
                    "region": {"startLine": 22, "startColumn": 1},
                },
                "message": {"text": "declared here"},
            },
            {
                "id": 2,
                "physicalLocation": {"artifactLocation": other, "region": {"startLine": 1}},
                "message": {"text": "used here too"},
            },
        ],
    }


def test_the_run(run: Any) -> None:
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["automationDetails"]["id"] == "promptreg/registry/"
    assert "%SRCROOT%" in run["originalUriBaseIds"]
    assert run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"] == (
        "no tags here"
    )


def test_every_rule_explains_itself(run: Any) -> None:
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted(descriptions())
    for rule in rules:
        assert rule["shortDescription"]["text"] in rule["fullDescription"]["text"]
        assert rule["help"]["text"].startswith("Why: ")
        assert "\nFix: " in rule["help"]["text"]
        assert "**Fix:**" in rule["help"]["markdown"]
        assert "helpUri" not in rule


def test_help_shows_an_example(run: Any) -> None:
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert (
        "**Found in:**\n\n`prompts/greeting.prompt.yaml`\n\n```yaml\n"
        in (rules["undeclared-input"]["help"]["markdown"])
    )


@pytest.mark.parametrize(
    ("severity", "level"),
    [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "note")],
)
def test_levels(severity: Severity, level: str, valid_sarif: Judge) -> None:
    finding = Finding("of-a-policy", severity, "m", Location("a"))
    run = valid_sarif(sarif(Report("t", (finding,), 1, 0), ReportOptions()))["runs"][0]
    assert run["results"][0]["level"] == level
    assert run["tool"]["driver"]["rules"] == [
        {"id": "of-a-policy", "defaultConfiguration": {"level": level}}
    ]


@pytest.mark.parametrize("path", ["a b.yaml", "a:b", "%41", "ä/ö?#.j2", "\udcff", "[x]", "a\nb"])
def test_paths_are_percent_encoded(path: str, valid_sarif: Judge) -> None:
    report = Report("t", (Finding("r", Severity.ERROR, "m", Location(path)),), 1, 0)
    run = valid_sarif(sarif(report, ReportOptions(prefix="reg/")))["runs"][0]
    uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.isascii()
    assert not set(' :?#[]"<>\\') & set(uri)
    assert unquote_to_bytes(uri) == f"reg/{path}".encode("utf-8", "surrogateescape")


def test_a_message_has_no_links_and_no_arguments(report: Report, valid_sarif: Judge) -> None:
    finding = replace(report.findings[0], message="see [x](https://example.com), {0}, {{ x }}")
    text = sarif(replace(report, findings=(finding,)), ReportOptions())
    message = valid_sarif(text)["runs"][0]["results"][0]["message"]["text"]
    assert message == "see [x]\\x28https://example.com), {{0}}, {{ x }}"


def test_no_findings_are_a_run_without_results(valid_sarif: Judge) -> None:
    assert valid_sarif(sarif(Report("t", (), 1, 0), ReportOptions()))["runs"][0]["results"] == []


def test_the_schema_is_not_content_with_anything(valid_sarif: Judge, report: Report) -> None:
    text = sarif(report, ReportOptions())
    for good, bad in (('"level": "error"', '"level": "bad"'), ('"ruleId"', '"rule_id"')):
        assert good in text
        with pytest.raises(AssertionError):
            valid_sarif(text.replace(good, bad))
