"""What an environment holds back: its freeze, and what is suspended there."""

from __future__ import annotations

from promptreg.releases.running import Stage
from promptreg.reporters.lines import Line, Span, line
from promptreg.reporters.moments import to_the_minute
from promptreg.reporters.people import name_of
from promptreg.reporters.printable import printable


def hold_lines(stage: Stage, start: str) -> list[Line]:
    """A line for the freeze and one for each suspended entry; each begins with `start`."""
    lines = []
    if stage.frozen is not None:
        one = stage.frozen
        said = f" since {to_the_minute(one.since)} by {printable(name_of(one.by))}: {printable(one.reason)}"
        lines.append(line(start, Span("frozen", "warning"), said))
    for out in stage.suspended:
        since = (
            f" since {to_the_minute(out.since)} by {printable(name_of(out.by))}"
            if out.since
            else ""
        )
        said = f" {out.name} {out.version}{since}: {printable(out.reason)}"
        lines.append(line(start, Span("suspended", "warning"), said))
    return lines
