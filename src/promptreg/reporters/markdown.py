"""Findings as a comment on a pull request: a table, then a folded block for each entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from promptreg.checks.report import Report
from promptreg.model.data import format_route
from promptreg.model.finding import Finding, Location, Severity
from promptreg.reporters.findings_text import summary
from promptreg.reporters.inert import cell, code, fence, markup, prose
from promptreg.reporters.lines import plain
from promptreg.reporters.options import Block, ReportOptions
from promptreg.reporters.printable import without_commands

MARKER = "<!-- promptreg -->"
"""The first line, by which a comment is found again."""
MOST = 65_535
"""Bytes of a whole comment; GitHub refuses more than 65,536 characters, however it counts."""

_TABLE, _BLOCK, _NOTES = 12_000, 24_000, 4_000
_MESSAGE, _EXCERPT = 600, 120
_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True, slots=True)
class _Group:
    """What one block is about: an entry, or a file that belongs to none."""

    name: str
    findings: list[Finding] = field(default_factory=list)
    extra: tuple[Block, ...] = ()

    def count(self, severity: Severity) -> int:
        return sum(finding.severity is severity for finding in self.findings)


def markdown(report: Report, options: ReportOptions) -> str:
    """The whole comment, the worst entries first; what doesn't fit is counted, never cut in two."""
    groups = _groups(report, options)
    verdict = "failed" if report.fails(options.fail_on) else "passed"
    whose = f" in {code(options.root_name)}" if options.root_name else ""
    head = [MARKER, f"### promptreg{whose}: {verdict}", "", plain([summary(report)]).strip(), ""]
    notes = [_text(f"- note: {prose(note, most=_MESSAGE)}") for note in report.notes]
    start = _text(*head) + _fitting(notes, _NOTES, lambda more: f"- and {more} more notes")
    if not groups:
        return start
    start += ("\n" if notes else "") + _table(groups)
    blocks = [_block(group, report, options.prefix) for group in groups]
    return start + _fitting(blocks, MOST - _size(start), _left_out)


def _left_out(more: int) -> str:
    what = "1 more block is" if more == 1 else f"{more} more blocks are"
    return f"\n{what} left out here; `promptreg` prints them all with `--format text`."


def _groups(report: Report, options: ReportOptions) -> list[_Group]:
    groups = {name: _Group(name, extra=extra) for name, extra in options.extra.items()}
    for finding in report.findings:
        name = finding.entry or options.prefix + finding.at.path
        groups.setdefault(name, _Group(name)).findings.append(finding)
    return sorted(
        groups.values(), key=lambda one: (*(-one.count(each) for each in _SEVERITIES), one.name)
    )


def _table(groups: Iterable[_Group]) -> str:
    rows = [
        _text(f"| {cell(one.name)} | " + " | ".join(str(one.count(s)) for s in _SEVERITIES) + " |")
        for one in groups
    ]
    head = _text("| Entry or file | Errors | Warnings | Infos |", "| --- | ---: | ---: | ---: |")
    return head + _fitting(rows, _TABLE, lambda more: f"| and {more} more | | | |")


def _block(group: _Group, report: Report, prefix: str) -> str:
    counts = [
        f"{group.count(severity)} {severity.word}" + "s" * (group.count(severity) != 1)
        for severity in _SEVERITIES
        if group.count(severity)
    ]
    # Lines of HTML up to the blank one, hence entities; Markdown after it.
    told = ", ".join(counts) or "no findings"
    head = ["", "<details>", f"<summary><code>{markup(group.name)}</code>: {told}</summary>", ""]
    worst = sorted(group.findings, key=lambda one: -one.severity)
    parts = [_text(*_finding(one, report, prefix)) for one in worst]
    findings = _fitting(parts, _BLOCK // 2, lambda more: f"- and {more} more findings")
    extra = _fitting(
        [_text("", *_extra(one)) for one in group.extra],
        _BLOCK - _size(findings),
        lambda more: f"\n- and {more} more parts, too long for a comment",
    )
    return _text(*head) + findings + extra + _text("", "</details>")


def _finding(finding: Finding, report: Report, prefix: str) -> Iterable[str]:
    where = code(_place(finding.at, prefix), most=400)
    message = prose(finding.message, most=_MESSAGE)
    yield f"- **{finding.severity.word}** {code(finding.rule)} at {where}: {message}"
    place = finding.at.place
    excerpt = report.excerpts.get((finding.at.path, place.line), "") if place else ""
    if excerpt.strip():
        yield f"  - {code(excerpt.expandtabs(4).strip(), most=_EXCERPT)}"
    for related in finding.related:
        route = f" ({code(format_route(related.route))})" if related.route else ""
        note = prose(related.note or "see also")
        yield f"  - {note}: {code(_place(related, prefix), most=400)}{route}"
    if finding.fix:
        yield f"  - fix: {prose(finding.fix, most=_MESSAGE)}"


def _extra(block: Block) -> Iterable[str]:
    if title := prose(block.title).strip():  # `** **` would be a rule across the page
        yield f"**{title}**"
        yield ""
    if block.form == "list":
        yield from (f"- {prose(line, most=_MESSAGE)}" for line in block.lines)
    else:
        yield from fence(block.lines, most=_MESSAGE, language=block.form)


def _place(at: Location, prefix: str) -> str:
    place = f":{at.place.line}:{at.place.column}" if at.place else ""
    return f"{prefix}{at.path}{place}"


def _fitting(parts: Sequence[str], budget: int, rest: Callable[[int], str]) -> str:
    """As many whole parts as `budget` bytes hold, with a line that counts the rest."""
    if sum(map(_size, parts)) <= budget:
        return "".join(parts)
    room = budget - _size(_text(rest(len(parts))))
    kept: list[str] = []
    for part in parts:
        room -= _size(part)
        if room < 0:
            break
        kept.append(part)
    return "".join(kept) + _text(rest(len(parts) - len(kept)))


def _text(*lines: str) -> str:
    return "".join(f"{without_commands(line)}\n" for line in lines)


def _size(text: str) -> int:
    return len(text.encode("utf-8"))
