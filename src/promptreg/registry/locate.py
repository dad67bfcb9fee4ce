"""Routes to lines and columns. Done last, so that a run without findings never pays for places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from promptreg.model.finding import Finding, Location, Place
from promptreg.store import yaml


def located(findings: Iterable[Finding], texts: Mapping[str, str]) -> tuple[Finding, ...]:
    """The findings with places, sorted by path, line and rule; each only once."""
    # Document by document, as the events of one are kept for a while and those of all are not.
    by_path = sorted(findings, key=lambda finding: finding.at.path)
    placed = {_placed(finding, texts) for finding in by_path}
    return tuple(sorted(placed, key=_order))


def _placed(finding: Finding, texts: Mapping[str, str]) -> Finding:
    return replace(
        finding,
        at=_with_place(finding.at, texts),
        related=tuple(_with_place(location, texts) for location in finding.related),
    )


def _with_place(location: Location, texts: Mapping[str, str]) -> Location:
    document = texts.get(location.path)
    if location.place is not None or document is None:
        return location
    if location.inside is not None:
        place = yaml.locate_inside(document, location.route, location.inside)
    elif location.route:
        place = yaml.locate(document, location.route)
    else:
        place = Place(1, 1)
    return replace(location, place=place)


def _order(finding: Finding) -> tuple[str, int, int, str, str, str, str]:
    place = finding.at.place or Place(0, 0)
    where = finding.at.path, place.line, place.column
    # To the last word, so that a run tells equal places in the same order as the one before.
    return *where, finding.rule, finding.message, finding.entry, finding.key
