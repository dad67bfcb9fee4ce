"""Findings as JUnit XML, which most CI services show as tests."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.report import Report
from promptreg.model.data import format_route
from promptreg.model.finding import Finding, Location
from promptreg.reporters.inert import markup
from promptreg.reporters.options import ReportOptions

_MESSAGE, _PATH = 1000, 4096


def junit(report: Report, options: ReportOptions) -> str:
    """A suite for each file with findings, each of them a failure, and for each clean manifest.

    XML can't hold most control characters, escaped or not; here they are text like `\\u{1b}`.
    """
    found: dict[str, list[Finding]] = {path: [] for path in report.manifests}
    for finding in report.findings:
        found.setdefault(finding.at.path, []).append(finding)
    suites = [
        line for path in sorted(found) for line in _suite(path, found[path], report, options.prefix)
    ]
    tests = sum(max(1, len(findings)) for findings in found.values())
    name = f"promptreg {options.root_name}".rstrip()
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="{markup(name)}" {_counts(tests, len(report.findings))}>',
        *suites,
        "</testsuites>",
    ]
    return "".join(f"{line}\n" for line in lines)


def _suite(path: str, findings: list[Finding], report: Report, prefix: str) -> Iterator[str]:
    name = markup(prefix + path, most=_PATH)
    counts = _counts(max(1, len(findings)), len(findings))
    yield f'  <testsuite name="{name}" {counts} skipped="0" file="{name}">'
    for finding in findings:
        yield from _case(finding, prefix, report)
    if not findings:
        yield f'    <testcase name="promptreg" classname="{name}"/>'
    yield "  </testsuite>"


def _case(finding: Finding, prefix: str, report: Report) -> Iterator[str]:
    # Named by what stays when lines move, so that a service can tell a new failure from an old one.
    about = (finding.rule, finding.entry, format_route(finding.at.route), finding.key)
    name = markup(" ".join(filter(None, about)), most=_MESSAGE)
    message = markup(finding.message, most=_MESSAGE)
    classname = markup(prefix + finding.at.path, most=_PATH)
    yield f'    <testcase name="{name}" classname="{classname}">'
    yield f'      <failure type="{finding.severity.word}" message="{message}">'
    for line in _told(finding, prefix, report):
        yield markup(line, most=_MESSAGE)
    yield "      </failure>"
    yield "    </testcase>"


def _told(finding: Finding, prefix: str, report: Report) -> Iterator[str]:
    yield f"{_place(finding.at, prefix)}: {finding.severity.word}[{finding.rule}] {finding.message}"
    place = finding.at.place
    if place is not None:
        excerpt = report.excerpts.get((finding.at.path, place.line), "")
        if excerpt.strip():
            yield f"  {place.line} | {excerpt.expandtabs(4).rstrip()}"
    for related in finding.related:
        route = f" ({format_route(related.route)})" if related.route else ""
        yield f"  {related.note or 'see also'}: {_place(related, prefix)}{route}"
    if finding.fix:
        yield f"  fix: {finding.fix}"


def _place(at: Location, prefix: str) -> str:
    place = f":{at.place.line}:{at.place.column}" if at.place else ""
    return f"{prefix}{at.path}{place}"


def _counts(tests: int, failures: int) -> str:
    return f'tests="{tests}" failures="{failures}" errors="0"'
