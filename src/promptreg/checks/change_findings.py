"""Verdicts as findings, and the findings about declared breaking changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from promptreg.checks.change_rule import Impact
from promptreg.checks.hits import said
from promptreg.checks.judgement import Judgement
from promptreg.checks.verdicts import Verdict
from promptreg.model.data import format_route
from promptreg.model.declaration import Declaration
from promptreg.model.finding import Finding, Location, Severity
from promptreg.releases.comparison import Status

UNUSED = "unused-declaration"
_DECLARED = "declared: "


def change_findings(judgements: Iterable[Judgement]) -> Iterator[Finding]:
    """A finding for each verdict, as its rule weighs it."""
    for judgement in judgements:
        for verdict in judgement.verdicts:
            yield _finding(judgement, verdict)


def eased(findings: Iterable[Finding], judgements: Iterable[Judgement]) -> Iterator[Finding]:
    """The findings of changes; what is declared is a warning at most, whatever a registry says."""
    declared = {one.name for one in judgements if one.declaration is not None}
    breaking = {
        verdict.rule.id
        for one in judgements
        for verdict in one.verdicts
        if verdict.impact is Impact.BREAKING
    }
    for finding in findings:
        if finding.entry in declared and finding.rule in breaking:
            yield replace(finding, severity=min(finding.severity, Severity.WARNING))
        else:
            yield finding


def unused_declarations(
    declared: Iterable[Declaration], judgements: Iterable[Judgement]
) -> Iterator[Finding]:
    """Declarations of this change that nothing in it needs."""
    used = {one.declaration.path for one in judgements if one.declaration and one.breaks}
    for declaration in declared:
        if declaration.path not in used:
            yield Finding(
                UNUSED,
                Severity.WARNING,
                f"a breaking change of `{declaration.name}` is declared, and there is none",
                Location(declaration.path, ("name",)),
                entry=declaration.name,
                key=declaration.path,
                fix="remove the declaration, or name the entry that breaks",
            )


def _finding(judgement: Judgement, verdict: Verdict) -> Finding:
    rule, fact = verdict.rule, verdict.change
    message, fix = f"{rule.headline}: {verdict.message}", ""
    related: tuple[Location, ...] = ()
    if rule.impact is Impact.BREAKING:
        message += f"; it hits {said(judgement.hits)}"
        related = tuple(hit.at for hit in judgement.hits if hit.at is not None)
        declared = judgement.declaration
        if declared is not None:
            reason = Location(declared.path, ("reason",), note=_DECLARED + declared.reason)
            related = (reason, *related)
        else:
            fix = (
                f"{rule.compatible}; or declare it in `changes/`: "
                f"`name: {judgement.name}`, `bump: major`"
            )
    return Finding(
        rule=rule.id,
        severity=rule.impact.severity,
        message=message,
        at=_place(judgement, verdict),
        entry=judgement.name,
        key=f"{format_route(fact.route)} {fact.path}".strip(),
        fix=fix,
        related=related,
    )


def _place(judgement: Judgement, verdict: Verdict) -> Location:
    """In the head, where a reviewer can act; a removed entry has only its old place."""
    comparison, fact = judgement.comparison, verdict.change
    if comparison.status is Status.REMOVED:
        return Location(comparison.path)
    if fact.path and fact.path != comparison.path and fact.after is not None:
        return Location(fact.path)
    return Location(comparison.path, fact.route)
