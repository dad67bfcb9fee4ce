"""Findings as workflow commands, which GitHub Actions shows beside the lines of a change.

The one format whose output is meant to act. Nothing in the data can add a command or a property.
"""

from __future__ import annotations

from promptreg.checks.report import Report
from promptreg.model.data import format_route
from promptreg.model.finding import Finding, Location, Severity
from promptreg.reporters.findings_text import summary
from promptreg.reporters.lines import plain
from promptreg.reporters.options import ReportOptions
from promptreg.reporters.printable import printable, without_commands

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_MESSAGE, _PATH = 1000, 4096


def github(report: Report, options: ReportOptions) -> str:
    """A command for each finding, then the summary, which is none."""
    commands = [_command(finding, options.prefix) for finding in report.findings]
    return "".join(f"{one}\n" for one in commands) + plain([summary(report)])


def _command(finding: Finding, prefix: str) -> str:
    place = finding.at.place
    about = f" ({finding.entry})" if finding.entry else ""
    properties = {
        "file": _inert(prefix + finding.at.path, _PATH),
        "line": str(place.line) if place else "",
        "col": str(place.column) if place else "",
        "title": _inert(f"{finding.rule}{about}", _MESSAGE),
    }
    lines = [finding.message, *(_related(at, prefix) for at in finding.related)]
    lines += [f"fix: {finding.fix}"] if finding.fix else []
    text = "\n".join(_inert(line, _MESSAGE) for line in lines)
    said = ",".join(f"{key}={_property(value)}" for key, value in properties.items() if value)
    return f"::{_COMMANDS[finding.severity]} {said}::{_data(text)}"


def _related(at: Location, prefix: str) -> str:
    place = f":{at.place.line}:{at.place.column}" if at.place else ""
    route = f" ({format_route(at.route)})" if at.route else ""
    return f"{at.note or 'see also'}: {prefix}{at.path}{place}{route}"


def _inert(text: str, most: int) -> str:
    return without_commands(printable(text, most=most))


def _data(text: str) -> str:
    """What stands behind the command, escaped as the runner's toolkit does."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
