"""The comment on a pull request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from promptreg.checks.report import Report
from promptreg.model.finding import Finding, Location, Place, Severity
from promptreg.reporters.markdown import MARKER, MOST, markdown
from promptreg.reporters.options import Block, ReportOptions

Judge = Callable[[str], Any]


def test_in_full(report: Report, options: ReportOptions, inert_markdown: Judge) -> None:
    facts = Block("What changes", ("input `tier` removed", "needs a major release"))
    diff = Block("Rendered", ("-Tier: gold", "+```", "+\tHello @here"), "diff")
    text = markdown(report, replace(options, extra={"support/triage": (facts, diff)}))
    inert_markdown(text)
    assert (
        text
        == """\
<!-- promptreg -->
### promptreg in `registry`: failed

1 error, 1 warning in 2 prompts and 0 agents

- note: no tags here

| Entry or file | Errors | Warnings | Infos |
| --- | ---: | ---: | ---: |
| `support/triage` | 1 | 0 | 0 |
| `registry/partials/a b%c.j2` | 0 | 1 | 0 |

<details>
<summary><code>support/triage</code>: 1 error</summary>

- **error** `undeclared-input` at `registry/prompts/triage.prompt.yaml:14:15`: `tier` is used but not declared
  - `Tier: {{ tier }}`
  - declared here: `registry/prompts/triage.prompt.yaml:22:1` (`inputs`)
  - used here too: `registry/partials/tone, v2.j2`
  - fix: add `tier` under `inputs:` or remove it from the template

**What changes**

- input `tier` removed
- needs a major release

**Rendered**

````diff
-Tier: gold
+```
+   Hello @here
````

</details>

<details>
<summary><code>registry/partials/a b%c.j2</code>: 1 warning</summary>

- **warning** `suspicious-character` at `registry/partials/a b%c.j2`: `100%` odd: a b

</details>
"""
    )


def test_no_findings() -> None:
    text = markdown(Report("t", (), 2, 1), ReportOptions())
    assert text == f"{MARKER}\n### promptreg: passed\n\nNo findings in 2 prompts and 1 agent\n\n"


def test_warnings_fail_where_they_are_asked_to(report: Report) -> None:
    warning = replace(report, findings=report.findings[:1])
    assert "promptreg: passed" in markdown(warning, ReportOptions())
    assert "promptreg: failed" in markdown(warning, ReportOptions(Severity.WARNING))


def test_an_entry_without_findings_shows_what_else_there_is(inert_markdown: Judge) -> None:
    extra = {"support/triage": (Block("What changes", ("a",)),)}
    text = markdown(Report("t", (), 2, 1), ReportOptions(extra=extra))
    inert_markdown(text)
    assert "<summary><code>support/triage</code>: no findings</summary>" in text
    assert "**What changes**\n\n- a\n" in text


def _many(entries: int, each: int, message: str, fix: str = "") -> Report:
    found = tuple(
        Finding("r", Severity.ERROR, message, Location(f"p{n:05}", (), Place(k, 1)), f"e{n:05}", fix=fix)
        for n in range(entries)
        for k in range(1, each + 1)
    )  # fmt: skip
    return Report("t", found, entries, 0)


@pytest.mark.parametrize(
    "report",
    [
        _many(1, 5000, "m"),
        _many(5000, 1, "m"),
        _many(40, 40, "x" * 700),
        _many(9, 400, "\U000e0041" * 700, fix="`" * 700),
        _many(300, 3, "界" * 600),
    ],
    ids=["one-entry", "many-entries", "long", "escapes", "wide"],
)
def test_a_comment_is_never_too_long(report: Report, inert_markdown: Judge) -> None:
    lines = tuple("+" + "y" * 150 for _ in range(500))
    extra = {f"e{n:05}": (Block("Diff", lines, "diff"),) for n in range(0, 300, 7)}
    notes = tuple(f"note {n}" for n in range(2000))
    for more in ({}, extra):
        text = markdown(replace(report, notes=notes), ReportOptions(extra=more))
        tokens = inert_markdown(text)
        assert len(text.encode()) <= MOST < 65_536
        assert text.count("<details>") == text.count("</details>")
        assert [one.type for one in tokens].count("table_open") == 1
        assert "more" in text.split("\n")[-2] or "more findings" in text


def test_what_is_left_out_is_counted() -> None:
    text = markdown(_many(1000, 1, "x" * 300), ReportOptions())
    shown = text.count("<details>")
    assert 0 < shown < 1000
    assert text.endswith(
        f"{1000 - shown} more blocks are left out here; `promptreg` prints them all with `--format text`.\n"
    )
    rows = sum(line.startswith("| `e") for line in text.split("\n"))
    assert f"| and {1000 - rows} more | | | |\n" in text


def test_the_worst_come_first() -> None:
    found = tuple(
        Finding("r", severity, "m", Location("p"), entry)
        for entry, severity in (("a", Severity.INFO), ("b", Severity.WARNING), ("c", Severity.ERROR))
    )  # fmt: skip
    text = markdown(Report("t", found, 3, 0), ReportOptions())
    places = [text.index(f"<code>{entry}</code>") for entry in "cba"]
    assert places == sorted(places)


def test_a_long_part_is_left_out_whole_and_counted() -> None:
    extra = {"e": (Block("Facts", ("a",)), Block("Diff", ("y" * 190,) * 500, "diff"))}
    text = markdown(Report("t", (), 1, 0), ReportOptions(extra=extra))
    assert "**Facts**" in text
    assert "**Diff**" not in text
    assert "- and 1 more parts, too long for a comment" in text
