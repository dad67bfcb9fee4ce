"""Two versions side by side, for people. Facts only: what they cost is for `check` to say."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from promptreg.releases.comparison import (
    Comparison,
    EntryComparison,
    Fact,
    OtherFile,
    Point,
    Problem,
    RenderedSide,
    RenderedTest,
    Status,
)
from promptreg.releases.other_files import NO_CONTENT
from promptreg.reporters.facts import fact_lines, indented
from promptreg.reporters.lines import Line, Span, line
from promptreg.reporters.printable import printable
from promptreg.reporters.word_lines import word_lines

_STATUS_STYLES = {
    Status.ADDED: "added",
    Status.REMOVED: "removed",
    Status.BROKEN: "error",
    Status.UNCHANGED_CONTENT: "dim",
}

_IN_TITLE = ("entry-added", "entry-removed", "entry-renamed", "entry-moved")
"""Facts that the heading of an entry tells."""


def diff_lines(comparison: Comparison) -> list[Line]:
    """A block for each entry, then the files that belong to none."""
    head = f"{_point(comparison.base)} -> {_point(comparison.head)}"
    lines = [line(Span(head, "dim"))]
    seen: set[tuple[str, str, str]] = set()
    for entry in comparison.entries:
        lines += [line(), *_entry_lines(entry, seen)]
    if comparison.other_files:
        lines += [line(), line(Span("other files", "name"))]
        lines += indented([_other_line(one) for one in comparison.other_files])
    if len(lines) == 1:
        lines.append(line("No differences"))
    return [*lines, *(line("note: ", printable(note, most=600)) for note in comparison.notes)]


def _point(point: Point) -> str:
    asked = printable(point.asked)
    return f"{asked} ({point.label})" if asked and asked != point.label else point.label


def _entry_lines(entry: EntryComparison, seen: set[tuple[str, str, str]]) -> list[Line]:
    title = Span(f"  {_title(entry)}", _STATUS_STYLES.get(entry.status, "dim"))
    lines = [line(Span(printable(entry.name), "name"), _versions(entry), title)]
    lines += [_problem_line(problem) for problem in entry.problems]
    if entry.status is Status.UNCHANGED_CONTENT:
        lines += [line(f"  {printable(path)}") for path in entry.files]
    facts = [fact for fact in entry.changes if fact.kind not in _IN_TITLE]
    for group, members in groupby(facts, key=lambda fact: fact.group):
        lines.append(line(Span(f"  {group}", "bold")))
        for fact in members:
            lines += indented(_once(fact, seen), "    ")
    for test in entry.rendered:
        lines += indented(rendered_lines(test))
    return lines


def _versions(entry: EntryComparison) -> str:
    before, after = entry.before_version, entry.version
    if before and after:
        return f"  {before} -> {after}"
    alone = entry.status in {Status.ADDED, Status.REMOVED}
    return f"  {before or after}" if alone and (before or after) else ""


def _title(entry: EntryComparison) -> str:
    path, before = printable(entry.path), printable(entry.before_path)
    moved = f", moved from {before}" if before else ""
    if entry.status is Status.BROKEN:
        return f"can't be compared: {path}"
    if entry.status is Status.UNCHANGED_CONTENT:
        return NO_CONTENT + moved
    if entry.status is Status.RENAMED:
        return f"renamed from {printable(entry.before_name)}: {path}{moved}"
    if entry.before_name:
        return f"compared with {printable(entry.before_name)}: {path}{moved}"
    word = f"{entry.status}: " if entry.status in {Status.ADDED, Status.REMOVED} else ""
    return f"{word}{path}{moved}"


def _problem_line(problem: Problem) -> Line:
    where = printable(problem.path) + (f":{problem.line}" if problem.line else "")
    label = Span(f"  {problem.side}: ", "warning")
    return line(label, f"{where}: {printable(problem.message, most=400)} [{problem.rule}]")


def _once(fact: Fact, seen: set[tuple[str, str, str]]) -> list[Line]:
    """The fact's lines; a partial that many entries reach is shown in the first of them."""
    if fact.kind == "partial-changed":
        key = (fact.path, str(fact.before), str(fact.after))
        if key in seen:
            return [line(f"{printable(fact.path)}: as shown above")]
        seen.add(key)
    return fact_lines(fact)


def _other_line(one: OtherFile) -> Line:
    style = {"added": "added", "removed": "removed"}.get(one.status, "")
    note = f": {printable(one.note, most=400)}" if one.note else ""
    return line(Span(f"{one.status:<8}", style), f"{printable(one.path)}  {one.what}{note}")


def rendered_lines(test: RenderedTest) -> list[Line]:
    """A test's inputs on both sides: the words that differ, or why a side can't be rendered."""
    return list(_rendered_lines(test))


def _rendered_lines(test: RenderedTest) -> Iterator[Line]:
    locale = f", locale {printable(test.locale)}" if test.locale else ""
    title = f"rendered for test `{printable(test.test)}`{locale}"
    yield line(Span(title, "bold"), Span("" if test.differs else ": the same", "dim"))
    yield from (line(f"  note: {printable(note)}") for note in test.notes)
    sides = [("base", test.base), ("head", test.head)]
    for word, side in sides:
        if side is not None and side.error:
            yield line("  ", Span(f"{word}: ", "warning"), printable(side.error, most=600))
    if test.differs:
        yield from indented(word_lines(_transcript(test.base), _transcript(test.head)))


def _transcript(side: RenderedSide | None) -> str:
    if side is None:
        return ""
    return "\n".join(
        f"--- {message.role}{f' {message.name}' if message.name else ''} ---\n"
        + "\n".join(
            part.text if part.type == "text" else f"({part.type}: {printable(part.text)})"
            for part in message.parts
        )
        for message in side.messages
    )
