"""The one reader of YAML: plain data by YAML 1.2's core schema, or findings, and never an exception.

Beside syntax errors it refuses what hides or runs something: duplicate keys, keys that are not
text, tags, merges, directives, further documents, numbers that JSON can't carry, deep nesting and
aliases that add more than they should. Aliases are read as copies.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from promptreg.model.data import Json
from promptreg.model.finding import Finding, Location, Severity
from promptreg.store.text import text_findings
from promptreg.store.yaml_build import Problem, build
from promptreg.store.yaml_places import key_place, locate, locate_inside, places
from promptreg.store.yaml_plain import build_plain

__all__ = ["Reading", "key_place", "locate", "locate_inside", "places", "read_yaml"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document holds. With an error among `findings` the value is None.

    Values may share parts where the document has aliases: treat them as immutable.
    """

    value: Json
    findings: tuple[Finding, ...] = ()


def read_yaml(path: str, text: str) -> Reading:
    """Read the one document of `text`, which `decode` has passed; `path` is for the findings.

    The kind of value at the root is for the caller to judge.
    """
    value = build_plain(text)
    if value is not None:
        return Reading(value)
    value, problems = build(text)
    if not problems:
        return Reading(value)
    findings = tuple(found for problem in problems for found in _findings(path, text, problem))
    is_broken = any(finding.severity is Severity.ERROR for finding in findings)
    return Reading(None if is_broken else value, findings)


def _findings(path: str, text: str, problem: Problem) -> tuple[Finding, ...]:
    at = Location(path, problem.route, problem.place)
    if problem.suspects:
        found = text_findings(path, problem.value, problem.suspects, route=problem.route)
        return tuple(_placed(text, at, finding, is_key=not problem.value) for finding in found)
    is_twice = problem.rule == "yaml-duplicate-key"
    first = key_place(text, problem.route) if is_twice else None
    finding = Finding(
        rule=problem.rule,
        severity=Severity.ERROR,
        message=problem.message,
        at=at,
        key=problem.key,
        fix="keep one of them" if is_twice else problem.fix,
        related=(replace(at, place=first, note="the first one"),) if first else (),
    )
    return (finding,)


def _placed(text: str, start: Location, finding: Finding, *, is_key: bool) -> Finding:
    """`finding` about an escape, with its place in the document; a key's is where it starts."""
    inside = finding.at.inside
    if is_key or inside is None:
        return replace(finding, at=start, related=())
    place = locate_inside(text, start.route, inside)
    return replace(finding, at=replace(start, place=place, inside=inside), related=())
