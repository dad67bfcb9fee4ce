"""An audit for people: a block for each event, oldest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from promptreg.model.audit import Approved, Audit, AuditCheck, Event, Person, Proof
from promptreg.reporters.lines import Line, Span, line
from promptreg.reporters.moments import to_the_minute
from promptreg.reporters.printable import printable

_SHORT = 12
_WARNED = frozenset({"rollback", "removal", "suspension", "freeze", "withdrawal", "unreadable"})
_MOST_FLAWS = 100


def audit_lines(audit: Audit) -> list[Line]:
    """Every event, and what was looked at."""
    lines = [one for event in audit.events for one in _event(event)]
    counts = Counter(one.kind for one in audit.events)
    many = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
    said = f"{len(audit.events)} event{'' if len(audit.events) == 1 else 's'}"
    lines.append(line(Span(said, "bold"), f": {many}" if many else ""))
    where = " and ".join(
        f"`{printable(one.branch) or 'HEAD'}` up to {one.commit[:_SHORT]}" for one in audit.branches
    )
    lines.append(line(Span("read from: ", "dim"), where, " and the release tags"))
    return lines


def audit_check_lines(check: AuditCheck) -> list[Line]:
    """What is wrong with an exported audit, or that nothing is."""
    lines = [
        line(
            Span(f"{printable(check.file)}:{one.line}: ", "name"),
            Span(f"error[{one.problem}]", "error"),
            f" {printable(one.message, most=600)}",
        )
        for one in check.flaws[:_MOST_FLAWS]
    ]
    more = len(check.flaws) - _MOST_FLAWS
    if more > 0:
        lines.append(line(f"and {more:,} more"))
    judged = f" in {check.events} event{'' if check.events == 1 else 's'}"
    if check.flaws:
        count = f"{len(check.flaws)} error{'' if len(check.flaws) == 1 else 's'}"
        lines.append(line(Span(count, "error"), judged))
    else:
        lines.append(line(Span("No findings", "good"), judged))
    if check.made:
        since = f"; since then {check.newer} more happened" if check.newer else ""
        lines.append(line(Span("made: ", "dim"), printable(to_the_minute(check.made)), since))
    if check.last and not check.flaws:
        lines.append(line(Span("last line: ", "dim"), check.last))
    return lines


def what_of(event: Event) -> str:
    """What an event is about: `support/triage in production`, a section, or a file."""
    if event.name and event.environment:
        return f"{event.name} in {event.environment}"
    if event.kind == "configuration":
        return event.key or event.path
    return event.name or event.environment or event.path


def who_of(person: Person) -> str:
    """`Name <address>`."""
    return f"{person.name} <{person.email}>" if person.email or person.name else "nobody"


def proof_of(proof: Proof) -> str:
    """`unsigned`, or the kind of signature, what it is worth, and its key."""
    if proof.state == "none":
        return "unsigned"
    return f"{proof.kind} signature {proof.state}" + (f" ({proof.key})" if proof.key else "")


def approvals_of(event: Event) -> str:
    """Who approved what runs or was released, as far as it counted."""
    return ", ".join(f"{one.email} as {one.team}{_signed(one)}" for one in event.approvals)


def moved_of(event: Event) -> str:
    """`before -> after`; of a release the version."""
    if event.kind == "release":
        return event.after
    return f"{event.before or 'nothing'} -> {event.after or 'nothing'}"


def _signed(approved: Approved) -> str:
    return "" if approved.proof.state == "none" else f" (signature {approved.proof.state})"


def _event(event: Event) -> Iterator[Line]:
    style = "warning" if event.kind in _WARNED else "bold"
    yield line(
        Span(f"{to_the_minute(event.committed) or 'no date':<17}  ", "dim"),
        Span(event.kind, style),
        "  ",
        Span(printable(what_of(event)), "name"),
        *([] if event.kind == "unreadable" else [f"  {printable(moved_of(event))}"]),
        *([Span("  by hand", "warning")] if event.by_hand else []),
    )
    yield from (line(Span(f"  {word}: ", "dim"), text) for word, text in _details(event) if text)


def _details(event: Event) -> Iterator[tuple[str, str]]:
    yield "by", f"{printable(who_of(event.author))}, {printable(proof_of(event.signature))}"
    if event.committer != event.author:
        yield "committed by", printable(who_of(event.committer))
    if event.merged_by is not None:
        yield "merged by", printable(who_of(event.merged_by))
    yield "why", printable(event.reason)
    if event.approval is not None:
        given = event.approval
        yield "approver", printable(f"{who_of(Person(given.name, given.email))} {given.at}")
        yield "signature", printable(proof_of(given.proof))
    yield "digest", event.digest
    yield "approvals", printable(approvals_of(event), most=1000)
    yield "commit", _commits(event)
    yield "problem", printable(event.problem)


def _commits(event: Event) -> str:
    text = event.commit[:_SHORT]
    if event.made_in != event.commit:
        text += f", which merged {event.made_in[:_SHORT]}"
    if event.tag:
        text += f", tag {event.tag_object[:_SHORT]}" if text else f"tag {event.tag_object[:_SHORT]}"
    return text + (
        f", policy {event.policy.removeprefix('sha256:')[:_SHORT]}" if event.policy else ""
    )
