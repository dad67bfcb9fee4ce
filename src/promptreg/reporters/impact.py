"""What a change would reach, as an indented tree."""

from __future__ import annotations

from promptreg.releases.impact import Impact, OwnerReached, Reach
from promptreg.reporters.lines import Line, Span, line
from promptreg.reporters.printable import printable

_MOST_NAMES = 8
_NOTHING = {"template": "nothing in this registry reaches it", "file": "no entry uses it"}


def impact_lines(impact: Impact) -> list[Line]:
    """A line for each thing with the reason below what it is reached through, then the owners."""
    subject = impact.subject
    lines = [_subject_line(subject), *_tree(subject, 1)]
    if not subject.reaches:
        lines.append(line(f"  {_NOTHING.get(subject.kind, 'nothing in this registry uses it')}"))
    else:
        lines += [line(), line(f"Reaches {_counted(impact)}")]
    if impact.counts.get("environment"):
        lines.append(
            line(
                Span(
                    "Releases stay as they are: a change runs once it is released and promoted",
                    "dim",
                )
            )
        )
    if impact.owners:
        lines += [line(), line(Span("Owners", "bold"))]
        lines += [_owner_line(owner) for owner in impact.owners]
    return [*lines, *(line("note: ", printable(note, most=600)) for note in impact.notes)]


def _subject_line(subject: Reach) -> Line:
    owner = f", {printable(subject.owner)}" if subject.owner else ""
    return line(Span(printable(subject.name), "name"), f"  {subject.kind}{owner}")


def _tree(reach: Reach, level: int) -> list[Line]:
    lines = []
    for one in reach.reaches:
        why = "; ".join(printable(reason) for reason in one.reasons)
        kind = f"{one.kind} " if one.kind in {"prompt", "agent", "experiment"} else ""
        again = Span("  (shown elsewhere)", "dim") if one.again else Span("")
        lines.append(
            line("  " * level + kind, Span(printable(one.name), "name"), f"  {why}", again)
        )
        lines += _tree(one, level + 1)
    return lines


def _counted(impact: Impact) -> str:
    return ", ".join(
        f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in impact.counts.items()
    )


def _owner_line(owner: OwnerReached) -> Line:
    contact = f" ({printable(owner.contact)})" if owner.contact else ""
    names = ", ".join(printable(name) for name in owner.of[:_MOST_NAMES])
    more = len(owner.of) - _MOST_NAMES
    return line(
        "  ",
        Span(printable(owner.name), "name"),
        f"{contact}: {names}" + (f" and {more} more" if more > 0 else ""),
    )
