"""A report as plain data and back, to the last detail."""

from __future__ import annotations

from typing import Any

from promptreg.checks.report import Report
from promptreg.model.finding import Finding, Location, Place, Severity


def report_to_data(report: Report) -> dict[str, Any]:
    """Plain data that `report_from_data` turns back into an equal report."""
    return {
        "tree": report.tree,
        "findings": [finding_to_data(one) for one in report.findings],
        "prompts": report.prompts,
        "agents": report.agents,
        "elsewhere": report.elsewhere,
        "notes": list(report.notes),
        "excerpts": [[path, line, text] for (path, line), text in report.excerpts.items()],
        "manifests": list(report.manifests),
    }


def report_from_data(data: dict[str, Any]) -> Report:
    """Raises KeyError, TypeError or ValueError for what `report_to_data` never made."""
    return Report(
        tree=_text(data["tree"]),
        findings=tuple(finding_from_data(one) for one in data["findings"]),
        prompts=_number(data["prompts"]),
        agents=_number(data["agents"]),
        elsewhere=_number(data["elsewhere"]),
        notes=tuple(_text(one) for one in data["notes"]),
        excerpts={
            (_text(path), _number(line)): _text(text) for path, line, text in data["excerpts"]
        },
        manifests=tuple(_text(one) for one in data["manifests"]),
    )


def finding_to_data(one: Finding) -> list[Any]:
    """Plain data that `finding_from_data` turns back into an equal finding."""
    related = [_location_to_data(location) for location in one.related]
    at = _location_to_data(one.at)
    return [one.rule, int(one.severity), one.message, at, one.entry, one.key, one.fix, related]


def finding_from_data(data: list[Any]) -> Finding:
    """Raises TypeError or ValueError for what `finding_to_data` never made."""
    rule, severity, message, at, entry, key, fix, related = data
    return Finding(
        rule=_text(rule),
        severity=Severity(severity),
        message=_text(message),
        at=_location_from_data(at),
        entry=_text(entry),
        key=_text(key),
        fix=_text(fix),
        related=tuple(_location_from_data(location) for location in related),
    )


def _location_to_data(one: Location) -> list[Any]:
    return [
        one.path,
        list(one.route),
        _place_to_data(one.place),
        _place_to_data(one.inside),
        one.note,
    ]


def _location_from_data(data: list[Any]) -> Location:
    path, route, place, inside, note = data
    if not all(isinstance(step, str | int) for step in route):
        raise TypeError("a route has texts and numbers")
    return Location(
        _text(path), tuple(route), _place_from_data(place), _place_from_data(inside), _text(note)
    )


def _place_to_data(one: Place | None) -> list[int] | None:
    return None if one is None else [one.line, one.column]


def _place_from_data(data: list[Any] | None) -> Place | None:
    if data is None:
        return None
    line, column = data
    return Place(_number(line), _number(column))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is wanted")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError("a number is wanted")
    return value
