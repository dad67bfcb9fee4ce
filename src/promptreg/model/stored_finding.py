"""A finding as plain data and back, to the last detail."""

from __future__ import annotations

from typing import Any

from promptreg.model.finding import Finding, Location, Place, Severity


def finding_to_data(one: Finding) -> list[Any]:
    """Plain data that `finding_from_data` turns back into an equal finding."""
    related = [_location_to_data(location) for location in one.related]
    at = _location_to_data(one.at)
    return [one.rule, int(one.severity), one.message, at, one.entry, one.key, one.fix, related]


def finding_from_data(data: list[Any]) -> Finding:
    """Raises TypeError or ValueError for what `finding_to_data` never made."""
    rule, severity, message, at, entry, key, fix, related = data
    return Finding(
        rule=text_in(rule),
        severity=Severity(severity),
        message=text_in(message),
        at=_location_from_data(at),
        entry=text_in(entry),
        key=text_in(key),
        fix=text_in(fix),
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
        text_in(path),
        tuple(route),
        _place_from_data(place),
        _place_from_data(inside),
        text_in(note),
    )


def _place_to_data(one: Place | None) -> list[int] | None:
    return None if one is None else [one.line, one.column]


def _place_from_data(data: list[Any] | None) -> Place | None:
    if data is None:
        return None
    line, column = data
    return Place(number_in(line), number_in(column))


def text_in(value: object) -> str:
    """The text that `value` is; raises TypeError where it is none."""
    if not isinstance(value, str):
        raise TypeError("a text is wanted")
    return value


def number_in(value: object) -> int:
    """The number that `value` is; raises TypeError where it is none."""
    if not isinstance(value, int):
        raise TypeError("a number is wanted")
    return value
