"""JUnit XML as CI services read it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest

from promptreg.checks.report import Report
from promptreg.model.finding import Finding, Location, Severity
from promptreg.reporters.junit import junit
from promptreg.reporters.options import ReportOptions

Judge = Callable[[str], Any]


def test_in_full(report: Report, options: ReportOptions, valid_junit: Judge) -> None:
    text = junit(report, options)
    valid_junit(text)
    assert (
        text
        == """\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="promptreg registry" tests="3" failures="2" errors="0">
  <testsuite name="registry/partials/a b%c.j2" tests="1" failures="1" errors="0" skipped="0" file="registry/partials/a b%c.j2">
    <testcase name="suspicious-character" classname="registry/partials/a b%c.j2">
      <failure type="warning" message="100% odd: a b">
registry/partials/a b%c.j2: warning[suspicious-character] 100% odd: a b
      </failure>
    </testcase>
  </testsuite>
  <testsuite name="registry/prompts/clean.prompt.yaml" tests="1" failures="0" errors="0" skipped="0" file="registry/prompts/clean.prompt.yaml">
    <testcase name="promptreg" classname="registry/prompts/clean.prompt.yaml"/>
  </testsuite>
  <testsuite name="registry/prompts/triage.prompt.yaml" tests="1" failures="1" errors="0" skipped="0" file="registry/prompts/triage.prompt.yaml">
    <testcase name="undeclared-input support/triage messages[0].content tier" classname="registry/prompts/triage.prompt.yaml">
      <failure type="error" message="`tier` is used but not declared">
registry/prompts/triage.prompt.yaml:14:15: error[undeclared-input] `tier` is used but not declared
  14 |     Tier: {{ tier }}
  declared here: registry/prompts/triage.prompt.yaml:22:1 (inputs)
  used here too: registry/partials/tone, v2.j2
  fix: add `tier` under `inputs:` or remove it from the template
      </failure>
    </testcase>
  </testsuite>
</testsuites>
"""
    )


def test_nothing_found_and_nothing_judged(valid_junit: Judge) -> None:
    root = valid_junit(junit(Report("t", (), 0, 0), ReportOptions()))
    assert root.get("name") == "promptreg"
    assert len(root) == 0


def test_what_xml_cannot_hold_is_text(valid_junit: Judge) -> None:
    message = "]]>\x00\x1b\ufffe\udcff<!--&'\""
    report = Report("t", (Finding("r", Severity.ERROR, message, Location("a")),), 1, 0)
    text = junit(report, ReportOptions())
    assert "&#" not in text
    shown = "]]>\\u{0}\\u{1b}\\u{fffe}\\xff<!--&'\""
    failure = next(valid_junit(text).iter("failure"))
    assert failure.get("message") == shown
    assert shown in failure.text


@pytest.mark.parametrize(
    "text",
    [
        '<testsuites><testsuite name="a" tests="0" failures="0"/></testsuites>',
        "<testsuites><testcase name='x'/></testsuites>",
        "<testsuites extra='1'/>",
        "<testsuites>text</testsuites>",
        "<suites/>",
    ],
)
def test_the_judge_is_not_content_with_anything(text: str, xsd: Any) -> None:
    assert list(xsd.problems(ET.fromstring(text)))  # noqa: S314 - our own
