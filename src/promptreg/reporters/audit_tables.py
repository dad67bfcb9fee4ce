"""An audit as tables of other tools: CSV that no spreadsheet computes, Markdown that is inert."""

from __future__ import annotations

import csv
import io
import re

from promptreg.model.audit import Audit, Event
from promptreg.reporters.audit import approvals_of, moved_of, proof_of, what_of, who_of
from promptreg.reporters.inert import cell, code
from promptreg.reporters.moments import to_the_minute
from promptreg.reporters.printable import printable, without_commands

_MOST = 1200
_FORMULA = re.compile(r"[\s'\"]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r|]")
"""How a text begins that a spreadsheet would compute, or split."""

COLUMNS = (
    "seq", "kind", "name", "environment", "key", "path", "before", "after", "digest_before",
    "digest", "reason", "by_hand", "commit", "made_in", "tag", "tag_object", "author_name",
    "author_email", "authored", "committer_name", "committer_email", "committed", "merged_by",
    "signature", "policy", "approval", "approvals", "problem",
)  # fmt: skip


def audit_csv(audit: Audit) -> str:
    """RFC 4180 with a header row, a row for each event.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for count, event in enumerate(audit.events, 1):
        values = _values(event) | {"seq": str(count)}
        writer.writerow([defused(values[name]) for name in COLUMNS])
    return "".join(without_commands(one) + "\r\n" for one in written.getvalue().split("\r\n")[:-1])


def defused(text: str) -> str:
    """The text as a cell that is shown and never computed."""
    shown = printable(text, most=_MOST)
    return f"'{shown}" if _FORMULA.match(shown) else shown


def audit_markdown(audit: Audit) -> str:
    """A table; whatever people wrote stands in code."""
    rows = [
        "| # | When | What | | From -> to | Who | Why | Approvals | Commit |",
        "|---|---|---|---|---|---|---|---|---|",
        *(_row(count, event) for count, event in enumerate(audit.events, 1)),
    ]
    branches = " and ".join(
        f"{code(one.branch or 'HEAD')} up to {code(one.commit)}" for one in audit.branches
    )
    head = [
        f"# Audit of {code(audit.registry)}",
        "",
        f"Read from {branches} and the release tags.",
        "",
    ]
    return "".join(without_commands(one) + "\n" for one in (*head, *rows))


def _row(count: int, event: Event) -> str:
    by_hand = " (by hand)" if event.by_hand else ""
    who = f"{cell(who_of(event.author))} {cell(proof_of(event.signature))}"
    if event.merged_by is not None:
        who += f", merged by {cell(who_of(event.merged_by))}"
    parts = (
        str(count),
        cell(to_the_minute(event.committed)) if event.committed else "",
        f"{event.kind}{by_hand}",
        cell(what_of(event)),
        cell(moved_of(event)) if event.before or event.after else "",
        who,
        ", ".join(cell(text) for text in (event.reason, event.problem) if text),
        cell(approvals_of(event), most=_MOST) if event.approvals else "",
        cell(event.commit[:12]) if event.commit else "",
    )
    return f"| {' | '.join(parts)} |"


def _values(event: Event) -> dict[str, str]:
    given = event.approval
    texts = {name: value for name in COLUMNS if isinstance(value := getattr(event, name, ""), str)}
    return texts | {
        "by_hand": "yes" if event.by_hand else "no",
        "author_name": event.author.name,
        "author_email": event.author.email,
        "committer_name": event.committer.name,
        "committer_email": event.committer.email,
        "merged_by": who_of(event.merged_by) if event.merged_by else "",
        "signature": proof_of(event.signature),
        "approval": f"{given.name} <{given.email}> {given.at} {proof_of(given.proof)}"
        if given
        else "",
        "approvals": approvals_of(event),
    }
