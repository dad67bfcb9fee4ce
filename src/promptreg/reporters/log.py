"""The history of an entry, an event a line."""

from __future__ import annotations

from promptreg.releases.events import Event, Log
from promptreg.reporters.lines import Line, Span, display_width, line
from promptreg.reporters.moments import to_the_minute
from promptreg.reporters.people import name_of
from promptreg.reporters.printable import printable

_LONGEST = 30
"""Characters of a name."""


def log_lines(log: Log) -> list[Line]:
    """Newest first; what isn't in this branch's history stands below."""
    width = max((display_width(_name(one)) for one in (*log.events, *log.elsewhere)), default=0)
    lines = [_event(event, width) for event in log.events]
    if log.elsewhere:
        lines += [line(), line(Span("not in this branch's history:", "dim"))]
        lines += [_event(event, width) for event in log.elsewhere]
    lines += [line("note: ", printable(note)) for note in log.notes]
    return lines


def _event(event: Event, width: int) -> Line:
    name = _name(event)
    who = name + " " * (width - display_width(name))
    start = Span(f"{event.commit[:10]:<10}  {to_the_minute(event.date):<17}  {who}  ", "dim")
    if event.kind == "commit":
        return line(start, printable(event.text))
    if event.kind == "release":
        problem = f"  can't be trusted: {printable(event.problem)}" if event.problem else ""
        return line(start, Span(f"release {event.version}", "good"), Span(problem, "error"))
    before = f"{event.before} -> " if event.before else ""
    after = str(event.version or ("suspended" if event.suspended else "nothing"))
    why = f"  {printable(event.text)}" if event.text else ""
    return line(start, Span(f"{event.environment}: {before}{after}", "bold"), why)


def _name(event: Event) -> str:
    """The person's name: a line is wide enough; the JSON has the address."""
    return printable(name_of(event.by), most=_LONGEST)
