"""Findings as people and programs read them."""

from __future__ import annotations

from promptreg.checks.report import Report
from promptreg.model.finding import Finding, Location, Place, Severity
from promptreg.reporters.findings_json import json_report
from promptreg.reporters.findings_text import summary, text_lines
from promptreg.reporters.lines import plain

UNDECLARED = Finding(
    "undeclared-input",
    Severity.ERROR,
    "`tier` is used but not declared",
    Location("prompts/triage.prompt.yaml", ("messages", 0, "content"), Place(14, 15)),
    entry="triage",
    key="tier",
    fix="add `tier` under `inputs:` or remove it from the template",
    related=(
        Location("prompts/triage.prompt.yaml", ("inputs",), Place(22, 1), note="declared here"),
        Location("partials/tone.j2", (), Place(3, 7), note="used here too"),
    ),
)
EXCERPTS = {("prompts/triage.prompt.yaml", 14): "    Tier: {{ tier }}"}


def _text(*findings: Finding, excerpts: dict[tuple[str, int], str] | None = None) -> str:
    report = Report("working tree", findings, 17, 5, excerpts=excerpts or {})
    return plain(text_lines(report))


def test_a_finding_in_full() -> None:
    assert _text(UNDECLARED, excerpts=EXCERPTS) == (
        "prompts/triage.prompt.yaml:14:15: error[undeclared-input] `tier` is used but not declared\n"
        "  14 |     Tier: {{ tier }}\n"
        "     = declared here: `inputs`, line 22\n"
        "     = used here too: partials/tone.j2:3:7\n"
        "     = fix: add `tier` under `inputs:` or remove it from the template\n"
        "1 error in 17 prompts and 5 agents\n"
    )


def test_a_finding_about_a_file_has_no_line() -> None:
    finding = Finding("limit-exceeded", Severity.ERROR, "too large", Location("a.j2"), fix="cut it")
    assert _text(finding) == (
        "a.j2: error[limit-exceeded] too large\n"
        "   = fix: cut it\n"
        "1 error in 17 prompts and 5 agents\n"
    )


def _summary(*severities: Severity, elsewhere: int = 0) -> str:
    findings = tuple(
        Finding("rule", severity, "m", Location(str(index)))
        for index, severity in enumerate(severities)
    )
    report = Report("working tree", findings, 1, 5, elsewhere)
    return plain([summary(report)])


def test_the_summary_counts_the_worst_first() -> None:
    error, warning, info = Severity.ERROR, Severity.WARNING, Severity.INFO
    assert _summary() == "No findings in 1 prompt and 5 agents\n"
    assert _summary(warning, error, info, warning) == (
        "1 error, 2 warnings, 1 info in 1 prompt and 5 agents\n"
    )
    assert _summary(elsewhere=2) == "No findings in 1 prompt and 5 agents (2 more elsewhere)\n"


def test_text_of_the_repository_cannot_act() -> None:
    finding = Finding(
        "rule",
        Severity.ERROR,
        "bad \x1b[31m\u202e\n::error::x",
        Location("p\x1b\udcff.yaml", ("a\x07",), Place(1, 1)),
        fix="\x1b]0;x",
        related=(Location("q\u202e", ("b\x1b",), Place(2, 1), note="there"),),
    )
    text = _text(finding, excerpts={("p\x1b\udcff.yaml", 1): "evil \x1b[2J \u2066"})
    assert all(char.isprintable() or char == "\n" for char in text)
    assert "p\\u{1b}\\xff.yaml:1:1: error[rule]" in text
    assert "evil \\u{1b}[2J \\u{2066}" in text


def test_a_long_line_is_cut() -> None:
    text = _text(UNDECLARED, excerpts={("prompts/triage.prompt.yaml", 14): "x" * 500})
    assert f"  14 | {'x' * 120}…\n" in text


def test_json_says_the_same_and_keeps_text_as_it_is() -> None:
    report = Report("commit 1f2e3d4c5b6a", (UNDECLARED,), 17, 5, 2, ("a note",), EXCERPTS)
    told = json_report(report, fail_on=Severity.ERROR)
    findings = told.pop("findings")
    assert told == {
        "schema": "promptreg/validate/v1",
        "tree": "commit 1f2e3d4c5b6a",
        "ok": False,
        "fail_on": "error",
        "prompts": 17,
        "agents": 5,
        "errors": 1,
        "warnings": 0,
        "infos": 0,
        "elsewhere": 2,
        "notes": ["a note"],
    }
    assert findings == [
        {
            "rule": "undeclared-input",
            "severity": "error",
            "message": "`tier` is used but not declared",
            "path": "prompts/triage.prompt.yaml",
            "line": 14,
            "column": 15,
            "route": "messages[0].content",
            "entry": "triage",
            "key": "tier",
            "fix": "add `tier` under `inputs:` or remove it from the template",
            "fingerprint": UNDECLARED.fingerprint,
            "related": [
                {
                    "path": "prompts/triage.prompt.yaml",
                    "line": 22,
                    "column": 1,
                    "route": "inputs",
                    "note": "declared here",
                },
                {
                    "path": "partials/tone.j2",
                    "line": 3,
                    "column": 7,
                    "route": "",
                    "note": "used here too",
                },
            ],
        }
    ]


def test_a_very_long_report_shows_its_worst() -> None:
    infos = tuple(
        Finding("missing-tests", Severity.INFO, f"number {number}", Location(f"a{number}.yaml"))
        for number in range(900)
    )
    error = Finding("yaml-syntax", Severity.ERROR, "broken", Location("z.yaml"))
    text = plain(text_lines(Report("working tree", (*infos, error), 900, 0)))
    assert "z.yaml: error[yaml-syntax] broken\n" in text
    assert "… and 401 more; `--format json` lists all\n1 error, 900 info in" in text
