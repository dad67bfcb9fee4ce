"""What `lock` wrote or found."""

from __future__ import annotations

from collections.abc import Sequence

from promptreg.checks.report import Report
from promptreg.model.data import Json
from promptreg.model.finding import Severity
from promptreg.releases.lock_file import Locked
from promptreg.reporters.findings_json import finding_json
from promptreg.reporters.findings_text import count_spans, finding_lines, many
from promptreg.reporters.lines import Line, Span, columns, line
from promptreg.reporters.printable import printable


def lock_lines(
    path: str, before: Sequence[Locked], after: Sequence[Locked], *, dry_run: bool
) -> list[Line]:
    """Every selector with what it is locked to and what it was locked to before."""
    old = {one.selector: one for one in before}
    rows = [
        (
            one.selector,
            Span(str(one.version), "good" if old.get(one.selector) != one else ""),
            _was(old.get(one.selector), one),
        )
        for one in after
    ]
    lines = columns(("SELECTOR", "VERSION", ""), rows)
    if tuple(before) == tuple(after):
        return [*lines, line(f"{printable(path)} says so already")]
    if dry_run:
        return [*lines, line(Span("Nothing was changed: this was a dry run", "dim"))]
    return [*lines, line(f"Wrote {printable(path)}")]


def lock_check_lines(report: Report, locked: Sequence[Locked]) -> list[Line]:
    """Every finding, and a summary."""
    lines = [one for finding in report.findings for one in finding_lines(finding, report)]
    said = f" in {many(len(locked), 'selector')} of {printable(report.tree)}"
    return [*lines, line(*(count_spans(report) or [Span("No findings", "good")]), said)]


def lock_json(
    path: str,
    before: Sequence[Locked],
    after: Sequence[Locked],
    *,
    written: bool,
    report: Report | None = None,
    fail_on: Severity = Severity.ERROR,
) -> dict[str, Json]:
    """For programs (schema `output/lock`); `report` is that of a check."""
    old = {one.selector: str(one.version) for one in before}
    selectors: list[Json] = [
        {
            "selector": one.selector,
            "name": one.name,
            "version": str(one.version),
            "digest": one.digest,
            "tag": one.tag,
            "commit": one.commit,
            "before": old.get(one.selector),
        }
        for one in after
    ]
    findings: list[Json] = [finding_json(one) for one in (report.findings if report else ())]
    return {
        "schema": "promptreg/lock/v1",
        "path": path,
        "written": written,
        "ok": not (report and report.fails(fail_on)),
        "fail_on": fail_on.word,
        "selectors": selectors,
        "findings": findings,
    }


def _was(old: Locked | None, new: Locked) -> str:
    if old is None:
        return "new"
    return f"was {old.version}" if old.version != new.version else ""
