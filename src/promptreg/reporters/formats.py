"""The formats of a report, in one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from promptreg.checks.report import Report
from promptreg.reporters.findings_json import json_report
from promptreg.reporters.findings_text import text_lines
from promptreg.reporters.github import github
from promptreg.reporters.gitlab import gitlab
from promptreg.reporters.junit import junit
from promptreg.reporters.lines import plain
from promptreg.reporters.markdown import markdown
from promptreg.reporters.options import ReportOptions
from promptreg.reporters.printable import without_commands
from promptreg.reporters.sarif import sarif
from promptreg.reporters.values import json_text

Reporter: TypeAlias = Callable[[Report, ReportOptions], str]


def render(name: str, report: Report, options: ReportOptions) -> str:
    """The report in a format of FORMATS, ending with a line feed.

    No format but `github` has a line that a CI runner would take as a command.
    """
    text = FORMATS[name](report, options)
    if name == "github":
        return text
    return "\n".join(map(without_commands, text.split("\n")))


def _text(report: Report, options: ReportOptions) -> str:
    del options
    return plain(text_lines(report))


def _json(report: Report, options: ReportOptions) -> str:
    return json_text(json_report(report, fail_on=options.fail_on))


FORMATS: Mapping[str, Reporter] = MappingProxyType(
    {
        "text": _text,
        "json": _json,
        "sarif": sarif,
        "junit": junit,
        "github": github,
        "gitlab": gitlab,
        "markdown": markdown,
    }
)
