"""Laws of every format, whatever stands in findings, names, files and notes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.checks.report import Report
from promptreg.model.finding import Finding, Location, Place, Severity
from promptreg.reporters.formats import FORMATS, render
from promptreg.reporters.options import Block, ReportOptions
from promptreg.reporters.printable import is_command, printable

FRAGMENTS = (
    "\n::error::x", "::error file=a::b", "%0A::error::x", "##[command]rm", "##vso[task]", "]]>",
    "|", "\\|", "`", "``", "```\n", "~~~\n", "<script>alert(1)</script>", "</details>", "-->",
    "<!-- promptreg -->", "@here", "@octocat", "a@example.com", "![x](https://example.com/b.png)",
    "[x](http://example.com)", "](1)", "<https://example.com>", "www.example.com", "https://x.org",
    "#12", "GH-12", ":tada:", "$x$", "{0}", "{{ x }}", "&#64;here", "&lt;", "1. ", "- ", "# ", "> ",
    "---\n", "| a | b |\n| - | - |\n", "\x1b[31m", "\x9b", "\x00", "\x85", "\u2028", "\u202e",
    "\ufffe", "\U000e0041", "\udcff", "\r\n", "\t", "\\", "'\"", ",", ":", " ", "word", "größe",
)  # fmt: skip
hostile = st.lists(
    st.sampled_from(FRAGMENTS) | st.text(min_size=1, max_size=8), min_size=1, max_size=6
).map("".join)
places = st.none() | st.builds(Place, st.integers(1, 10**6), st.integers(1, 10**6))
routes = st.lists(hostile | st.integers(0, 9), max_size=2).map(tuple)
locations = st.builds(Location, hostile, routes, places, note=hostile)
findings = st.builds(
    Finding,
    hostile,
    st.sampled_from(Severity),
    hostile,
    locations,
    entry=st.just("") | hostile,
    key=hostile,
    fix=st.just("") | hostile,
    related=st.lists(locations, max_size=2).map(tuple),
)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    found = tuple(draw(st.lists(findings, max_size=4)))
    excerpts = {
        (one.at.path, one.at.place.line): draw(hostile) for one in found if one.at.place is not None
    }
    manifests = tuple(draw(st.lists(hostile, max_size=2, unique=True)))
    notes = tuple(draw(st.lists(hostile, max_size=2)))
    return Report("tree", found, 3, 2, 0, notes, excerpts, manifests)


blocks = st.builds(
    Block,
    hostile,
    st.lists(hostile, max_size=3).map(tuple),
    st.sampled_from(["list", "diff", "text"]),
)
options = st.builds(
    ReportOptions,
    st.sampled_from(Severity),
    st.just("") | hostile.map(lambda text: text.strip("/") + "/"),
    st.just("") | hostile,
    extra=st.dictionaries(hostile, st.lists(blocks, max_size=2).map(tuple), max_size=2),
)
# Ordinary paths, for what a service must be able to follow; JSON and XML have no word for others.
clean_options = options.filter(lambda one: not one.prefix.startswith(("/", "./")))


@pytest.mark.parametrize("name", FORMATS)
@settings(deadline=None, max_examples=40)
@given(report=reports(), options=options)
def test_nothing_acts(name: str, report: Report, options: ReportOptions) -> None:
    text = render(name, report, options)
    assert text.endswith("\n")
    for line in text.split("\n"):
        assert printable(line, most=10**9) == line
        assert name == "github" or not is_command(line)


@settings(deadline=None, max_examples=40)
@given(report=reports(), options=options)
def test_json_says_what_was_found(report: Report, options: ReportOptions) -> None:
    data = json.loads(render("json", report, options))
    # Lone surrogates come back as they went in: JSON can escape them.
    assert [one["message"] for one in data["findings"]] == [one.message for one in report.findings]


@settings(deadline=None, max_examples=40)
@given(report=reports(), options=options)
def test_sarif_fits_its_schema(
    valid_sarif: Callable[[str], Any], report: Report, options: ReportOptions
) -> None:
    (run,) = valid_sarif(render("sarif", report, options))["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == len(report.findings)
    for result, finding in zip(run["results"], report.findings, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == printable(finding.rule)
        assert "](" not in result["message"]["text"]


@settings(deadline=None, max_examples=50)
@given(report=reports(), options=options)
def test_junit_fits_its_schema(
    valid_junit: Callable[[str], Any], report: Report, options: ReportOptions
) -> None:
    root = valid_junit(render("junit", report, options))
    assert root.get("failures") == str(len(report.findings))
    told = sorted(one.get("message") for one in root.iter("failure"))
    assert told == sorted(_shown(one.message) for one in report.findings)


def _shown(text: str) -> str:
    """As a line of a file that a CI runner may read."""
    shown = printable(text, most=1000)
    return shown.replace("##[", "\\u{23}#[").replace("##vso[", "\\u{23}#vso[")


@settings(deadline=None, max_examples=50)
@given(report=reports(), options=clean_options)
def test_gitlab_fits_its_schema(
    valid_gitlab: Callable[[str], Any], report: Report, options: ReportOptions
) -> None:
    if any(one.at.path.startswith(("/", "./")) for one in report.findings):
        return
    issues = valid_gitlab(render("gitlab", report, options))
    assert len(issues) == len(report.findings)


@settings(deadline=None, max_examples=50)
@given(report=reports(), options=options)
def test_github_has_a_command_for_each_finding(report: Report, options: ReportOptions) -> None:
    *lines, summary, rest = render("github", report, options).split("\n")
    assert rest == ""
    assert not is_command(summary)
    assert len(lines) == len(report.findings)
    for line, finding in zip(lines, report.findings, strict=True):
        command, properties, data = _as_the_runner_reads(line)
        word = "notice" if finding.severity is Severity.INFO else finding.severity.word
        assert command == word
        assert set(properties) - {"line", "col"} == {"file", "title"}
        assert "\n" not in "".join(properties.values())
        for told in data.split("\n"):
            assert not is_command(told)


def _as_the_runner_reads(line: str) -> tuple[str, dict[str, str], str]:
    """`::command key=value,key=value::data`, unescaped in the order of actions/runner."""
    assert line.startswith("::")
    head, _, data = line[2:].partition("::")
    command, _, properties = head.partition(" ")
    pairs = [pair.split("=", 1) for pair in properties.split(",")]
    assert all(len(pair) == 2 for pair in pairs)
    unescape = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}
    values = {}
    for key, said in pairs:
        values[key] = said
        for escaped, plain in unescape.items():
            values[key] = values[key].replace(escaped, plain)
    assert len(values) == len(pairs)
    return command, values, data.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


@settings(deadline=None, max_examples=100)
@given(report=reports(), options=options)
def test_markdown_is_inert(
    inert_markdown: Callable[[str], Any], report: Report, options: ReportOptions
) -> None:
    text = render("markdown", report, options)
    assert text.startswith("<!-- promptreg -->\n")
    tokens = inert_markdown(text)
    names = {one.entry or options.prefix + one.at.path for one in report.findings}
    groups = len(names | set(options.extra))
    kinds = [token.type for token in tokens]
    assert kinds.count("heading_open") == 1
    assert kinds.count("table_open") == (groups > 0)
    assert kinds.count("tr_open") == (groups + 1 if groups else 0)
    assert kinds.count("td_open") == 4 * groups
    assert sum(token.content.startswith("<details>") for token in tokens) == groups
