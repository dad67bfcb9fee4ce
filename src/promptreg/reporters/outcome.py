"""What a write would do, or did."""

from __future__ import annotations

import difflib

from promptreg.model.data import Json
from promptreg.releases.plan import CommitFiles, CreateTag, EditFiles, FileEdit, Outcome, Step
from promptreg.reporters.lines import Line, Span, line
from promptreg.reporters.printable import printable, printable_lines

_SHORT = 12
_MOST_REASONS = 8


def outcome_lines(outcome: Outcome, before: dict[str, str]) -> list[Line]:
    """The steps for people; `before` holds the text of each file that a step edits."""
    lines: list[Line] = []
    made = iter(outcome.created)
    for step in outcome.plan.steps:
        oid = next(made, "") if not isinstance(step, EditFiles) else ""
        lines += _step_lines(step, outcome, oid, before)
    lines += [line("note: ", printable(note, most=600)) for note in outcome.plan.notes]
    if not outcome.applied:
        lines.append(line(Span("Nothing was changed: this was a dry run", "dim")))
    elif outcome.pushed:
        lines.append(line("Pushed"))
    elif outcome.push:
        lines.append(line("Not pushed yet: ", Span(printable(outcome.push, most=2000), "bold")))
    return lines


def outcome_json(outcome: Outcome, verb: str) -> Json:
    """The stable JSON of a write (schema `output/outcome`)."""
    made = iter(outcome.created)
    steps: list[Json] = [
        _step_json(step, "" if isinstance(step, EditFiles) else next(made, ""))
        for step in outcome.plan.steps
    ]
    return {
        "schema": "promptreg/outcome/v1",
        "verb": verb,
        "applied": outcome.applied,
        "title": outcome.plan.title,
        "steps": steps,
        "notes": list(outcome.plan.notes),
        "push": outcome.push,
        "pushed": outcome.pushed,
    }


def _step_lines(step: Step, outcome: Outcome, oid: str, before: dict[str, str]) -> list[Line]:
    if isinstance(step, CreateTag):
        release = step.release
        verb = "Released" if outcome.applied else "Would release"
        head = line(
            f"{verb} ",
            Span(f"{release.name} {release.version}", "good"),
            f" ({release.bump}) at commit {release.commit[:_SHORT]}",
        )
        head_lines = [head, *_reason_lines(step.reasons)]
        body = step.message().split("\n\n", 1)[1] if "\n\n" in step.message() else ""
        return [*head_lines, *_indented(body.rstrip("\n"))]
    if isinstance(step, CommitFiles):
        branch = step.ref.removeprefix("refs/heads/")
        verb = "Committed" if outcome.applied else "Would commit"
        made = f" {oid[:_SHORT]}" if oid else ""
        subject = printable(step.message.split("\n", 1)[0])
        lines = [line(f"{verb}{made} on ", Span(printable(branch), "name"), f": {subject}")]
    else:
        lines = [line("Changed" if outcome.applied else "Would change")]
    for edit in step.edits:
        lines.append(line("  ", Span(printable(edit.summary, most=600), "good")))
        if not outcome.applied:
            lines += _diff(edit, before.get(edit.path, ""))
    if isinstance(step, CommitFiles) and not outcome.applied:
        lines += _indented(step.message.partition("\n\n")[2].rstrip("\n"))
    return lines


def _reason_lines(reasons: tuple[str, ...]) -> list[Line]:
    """Why the release needs its bump."""
    lines = [line("  because ", printable(one, most=400)) for one in reasons[:_MOST_REASONS]]
    more = len(reasons) - _MOST_REASONS
    return [*lines, line(f"  and {more} more")] if more > 0 else lines


def _indented(text: str) -> list[Line]:
    return [line(Span(f"  {one}".rstrip(), "dim")) for one in printable_lines(text)] if text else []


def _diff(edit: FileEdit, before: str) -> list[Line]:
    after = (edit.content or b"").decode("utf-8", "replace")
    changed = difflib.unified_diff(
        before.splitlines(), after.splitlines(), edit.path, edit.path, lineterm="", n=1
    )
    styles = {"+": "added", "-": "removed"}
    return [
        line("    ", Span(printable(one, most=400), styles.get(one[:1], "dim"))) for one in changed
    ]


def _step_json(step: Step, oid: str) -> Json:
    if isinstance(step, CreateTag):
        release = step.release
        return {
            "step": "create-tag",
            "tag": release.tag,
            "name": release.name,
            "version": str(release.version),
            "bump": release.bump,
            "reasons": list(step.reasons),
            "commit": release.commit,
            "digest": release.digest,
            "previous": release.previous,
            "message": step.message(),
            "object": oid,
        }
    common: dict[str, Json] = {
        "files": [edit.path for edit in step.edits],
        "summary": [edit.summary for edit in step.edits],
    }
    if isinstance(step, EditFiles):
        return {"step": "edit-files", **common}
    return {
        "step": "commit-files",
        "branch": step.ref.removeprefix("refs/heads/"),
        "parent": step.parent,
        **common,
        "message": step.message,
        "object": oid,
    }
