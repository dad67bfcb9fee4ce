"""The history of an entry, an event a line."""

from __future__ import annotations

from promptreg.releases.events import Event, Log
from promptreg.reporters.lines import Line, Span, line
from promptreg.reporters.printable import printable


def log_lines(log: Log) -> list[Line]:
    """Newest first; what isn't in this branch's history stands below."""
    lines = [_event(event) for event in log.events]
    if log.elsewhere:
        lines += [line(), line(Span("not in this branch's history:", "dim"))]
        lines += [_event(event) for event in log.elsewhere]
    lines += [line("note: ", printable(note)) for note in log.notes]
    return lines


def _event(event: Event) -> Line:
    start = (Span(f"{event.commit[:10]:<10}", "dim"), Span(f"  {event.date[:16]:<16}  ", "dim"))
    who = Span(f"  {printable(event.by)}", "dim")
    if event.kind == "commit":
        return line(*start, printable(event.text), who)
    if event.kind == "release":
        problem = Span(f"  can't be trusted: {printable(event.problem)}", "error")
        mark = Span(f"release {event.version}", "good")
        return line(*start, mark, problem if event.problem else who)
    before = f"{event.before} -> " if event.before else ""
    after = str(event.version) if event.version else "nothing"
    why = f"  {printable(event.text)}" if event.text else ""
    return line(*start, Span(f"{event.environment}: {before}{after}", "bold"), why, who)
