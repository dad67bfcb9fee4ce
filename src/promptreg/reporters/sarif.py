"""Findings as SARIF 2.1.0, for code scanning and editors."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import quote

from promptreg import __version__
from promptreg.checks.report import Report
from promptreg.model.data import Json
from promptreg.model.finding import Finding, Location, Severity
from promptreg.reporters.inert import fence
from promptreg.reporters.options import ReportOptions
from promptreg.reporters.printable import printable
from promptreg.reporters.values import json_text

if TYPE_CHECKING:
    from promptreg.checks.example import Example
    from promptreg.checks.rule import Description

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_ROOT = "%SRCROOT%"  # the name that other tools give it, too
_MESSAGE = 1000
_PLACEHOLDER = re.compile(r"\{(\d+)\}")


def sarif(report: Report, options: ReportOptions) -> str:
    """One run. Paths are relative to the repository, columns count code points."""
    rules = _rules(report, options)
    index = {one.id: number for number, one in enumerate(rules)}
    run: dict[str, Json] = {
        "tool": {
            "driver": {
                "name": "promptreg",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(one) for one in rules],
            }
        },
        "automationDetails": {"id": f"promptreg/{printable(options.prefix)}"},
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report)],
        "results": [_result(one, index[one.rule], options.prefix) for one in report.findings],
    }
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rules(report: Report, options: ReportOptions) -> list[Description]:
    """Those that promptreg knows, and those that a registry's policies add."""
    from promptreg.checks.rule import Description  # noqa: PLC0415 - few formats need rules

    known = dict(options.descriptions)
    for one in report.findings:
        if one.rule not in known:
            known[one.rule] = Description(one.rule, one.severity, "", "", "", "")
    return [known[id_] for id_ in sorted(known)]


def _rule(one: Description) -> dict[str, Json]:
    level: dict[str, Json] = {"level": _LEVELS[one.severity]}
    rule: dict[str, Json] = {"id": printable(one.id), "defaultConfiguration": level}
    if one.summary:
        rule |= {
            "shortDescription": {"text": one.summary},
            "fullDescription": {"text": " ".join(filter(None, (one.summary, one.why)))},
            "help": {
                "text": f"Why: {one.why}\nFix: {one.fix}",
                "markdown": "\n".join(_help(one)) + "\n",
            },
        }
    return rule


def _help(one: Description) -> Iterable[str]:
    yield from (f"**Why:** {one.why}", "", f"**Fix:** {one.fix}")
    from promptreg.checks.example import Bad, Good  # noqa: PLC0415 - few formats need rules

    for title, kind in (("Found in", Bad), ("Not found in", Good)):
        example = next((each for each in one.examples if isinstance(each, kind)), None)
        if example is not None:
            yield from ("", f"**{title}:**", *_shown(example))


def _shown(example: Example) -> Iterable[str]:
    for path, text in example.shown().items():
        yield from ("", f"`{path}`", "", *fence(text.rstrip("\n").split("\n"), language="yaml"))


def _invocation(report: Report) -> dict[str, Json]:
    """The run itself, with what was not judged and why."""
    notes: list[Json] = [{"level": "note", "message": _message(note)} for note in report.notes]
    return {"executionSuccessful": True, "toolExecutionNotifications": notes}


def _result(finding: Finding, rule: int, prefix: str) -> dict[str, Json]:
    texts = (finding.message, f"Fix: {finding.fix}" if finding.fix else "")
    location: dict[str, Json] = {"physicalLocation": _physical(finding.at, prefix)}
    if finding.entry:
        name = printable(finding.entry)
        location["logicalLocations"] = [
            {"name": name, "fullyQualifiedName": name, "kind": "resource"}
        ]
    result: dict[str, Json] = {
        "ruleId": printable(finding.rule),
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": _message(*texts),
        "locations": [location],
        "partialFingerprints": {"promptreg/v1": finding.fingerprint},
    }
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _physical(at, prefix),
                "message": _message(at.note or "see also"),
            }
            for number, at in enumerate(finding.related, start=1)
        ]
    return result


def _physical(at: Location, prefix: str) -> dict[str, Json]:
    """A place in a file; the first line where it is about the file, since GitHub wants a line."""
    region: dict[str, Json] = {"startLine": 1}
    if at.place is not None:
        region = {"startLine": at.place.line, "startColumn": at.place.column}
    path = (prefix + at.path).encode("utf-8", "surrogateescape")
    return {"artifactLocation": {"uri": quote(path), "uriBaseId": _ROOT}, "region": region}


def _message(*texts: str) -> dict[str, Json]:
    """A plain text with a line for each; `[a](b)` would be a link in it, `{0}` an argument."""
    shown = "\n".join(printable(text, most=_MESSAGE) for text in texts if text)
    return {"text": _PLACEHOLDER.sub(r"{{\1}}", shown.replace("](", r"]\x28"))}
