"""From bytes to a document that fits its schema, or to the findings that say why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from promptreg.model.data import Json
from promptreg.model.digest import API_VERSION
from promptreg.model.finding import Finding, Location, Severity
from promptreg.model.names import did_you_mean
from promptreg.store.files import MISSING, UNREADABLE, FileProblem
from promptreg.store.schema import violations
from promptreg.store.text import decode
from promptreg.store.yaml import read_yaml

KINDS = (
    "Prompt",
    "Agent",
    "Policy",
    "Experiment",
    "Environment",
    "Approval",
    "Change",
    "Lock",
    "Registry",
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document's text and data; `data` is None where a finding says why."""

    text: str | None
    data: dict[str, Json] | None
    findings: tuple[Finding, ...]


def parse_document(path: str, content: bytes, kind: str) -> Parsed:
    """Read a document that should be of `kind`."""
    decoded, findings = decode(path, content)
    if decoded is None:
        return Parsed(None, None, findings)
    reading = read_yaml(path, decoded)
    findings += reading.findings
    if any(finding.severity is Severity.ERROR for finding in findings):
        return Parsed(decoded, None, findings)
    problem = _kind_problem(path, reading.value, kind)
    problems = (problem,) if problem else _violations(path, reading.value, kind)
    if problems:
        return Parsed(decoded, None, (*findings, *problems))
    return Parsed(decoded, cast("dict[str, Json]", reading.value), findings)


def unreadable(path: str, problem: FileProblem) -> Finding:
    """The finding for a file that was listed and can't be read."""
    # Gone since it was listed: it was not judged, like any other that can't be read.
    rule = UNREADABLE if problem.rule == MISSING else problem.rule
    return Finding(rule, Severity.ERROR, problem.message, Location(path))


def _kind_problem(path: str, value: Json, kind: str) -> Finding | None:
    if not isinstance(value, dict):
        return _finding("schema-violation", path, "a document is a mapping of keys to values")
    version, said = value.get("apiVersion"), value.get("kind")
    if version is not None and version != API_VERSION:
        fix = f"this promptreg reads `apiVersion: {API_VERSION}`"
        return _finding(
            "unknown-kind", path, f"unknown apiVersion {version!r:.60}", fix, "apiVersion"
        )
    if said is None or said == kind:
        return None
    if said in KINDS:
        message = f"the file name says {kind}, the document says {said}"
        return _finding("unknown-kind", path, message, f"write `kind: {kind}` or rename it", "kind")
    fix = did_you_mean(said, KINDS) if isinstance(said, str) else ""
    message = f"unknown kind {said!r:.60}"
    return _finding("unknown-kind", path, message, fix or f"write `kind: {kind}`", "kind")


def _violations(path: str, value: Json, kind: str) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            rule="schema-violation",
            severity=Severity.ERROR,
            message=violation.message,
            at=Location(path, violation.route),
            key=violation.key,
            fix=violation.hint,
        )
        for violation in violations(kind, value)
    )


def _finding(rule: str, path: str, message: str, fix: str = "", key: str = "") -> Finding:
    route = (key,) if key else ()
    return Finding(rule, Severity.ERROR, message, Location(path, route), fix=fix)
