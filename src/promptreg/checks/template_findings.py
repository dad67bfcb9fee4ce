"""What the loader knows about templates, told once for each place."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.model.data import Route
from promptreg.model.entry import Entry
from promptreg.model.finding import Location, Place
from promptreg.registry.snapshot import Snapshot
from promptreg.templates.problem import TemplateProblem

Told = tuple[TemplateProblem, Location, str]
"""A problem, its place, and the entry it is about: none where it lies in a file."""


def template_problems(snapshot: Snapshot, rule: str) -> Iterator[Told]:
    """The problems of one rule id, in templates of entries and in those that nobody uses yet."""
    for entry in snapshot.loud_entries():
        yield from _of_entry(snapshot, entry, rule)
    for closure in snapshot.unreached.values():
        for problem in closure.problems:
            if problem.rule == rule:
                yield problem, Location(problem.path, place=problem.place), ""


def _of_entry(snapshot: Snapshot, entry: Entry, rule: str) -> Iterator[Told]:
    for route, problem in snapshot.unresolved.get(entry.name, {}).items():
        if problem.rule == rule:
            yield problem, Location(entry.path, route), entry.name
    for route, closure in snapshot.closures.get(entry.name, {}).items():
        for problem in closure.problems:
            if problem.rule == rule:
                at = template_location(entry, route, problem.path, problem.place)
                yield problem, at, "" if problem.path else entry.name


def template_location(entry: Entry, route: Route, path: str, place: Place) -> Location:
    """A position in the template at `path`, or in the inline text at `route` where it is empty."""
    if path:
        return Location(path, place=place)
    return Location(entry.path, route, inside=place)
