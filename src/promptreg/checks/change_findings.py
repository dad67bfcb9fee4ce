"""Verdicts as findings, and the findings about declared breaking changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from promptreg.checks.change_rule import Impact
from promptreg.checks.hits import said
from promptreg.checks.judgement import Judgement
from promptreg.checks.verdicts import Verdict
from promptreg.model.data import format_route
from promptreg.model.declaration import Declaration
from promptreg.model.finding import Finding, Location, Severity
from promptreg.releases.comparison import Status

UNUSED = "unused-declaration"


def change_findings(judgement: Judgement) -> Iterator[Finding]:
    """A finding for each verdict; breaking ones are errors unless the change declares them."""
    for verdict in judgement.verdicts:
        yield _finding(judgement, verdict)


def unused_declarations(
    declared: Iterable[Declaration], judgements: Iterable[Judgement]
) -> Iterator[Finding]:
    """Declarations of this change that nothing in it needs."""
    used = {one.declaration.path for one in judgements if one.declaration and _breaks(one)}
    for declaration in declared:
        if declaration.path not in used:
            yield Finding(
                UNUSED,
                Severity.WARNING,
                f"a breaking change of `{declaration.name}` is declared, and there is none",
                Location(declaration.path, ("name",)),
                entry=declaration.name,
                fix="remove the declaration",
            )


def _breaks(judgement: Judgement) -> bool:
    return any(verdict.impact is Impact.BREAKING for verdict in judgement.verdicts)


def _finding(judgement: Judgement, verdict: Verdict) -> Finding:
    rule, fact = verdict.rule, verdict.change
    message = f"{rule.headline}: {verdict.message}"
    severity, fix = rule.impact.severity, ""
    related: tuple[Location, ...] = ()
    if rule.impact is Impact.BREAKING:
        message += f"; it hits {said(judgement.hits)}"
        if judgement.declaration is not None:
            declared = judgement.declaration
            severity, fix = Severity.WARNING, ""
            related = (Location(declared.path, ("reason",), note=f"declared: {declared.reason}"),)
        else:
            fix = f"{rule.compatible}; or declare it in `changes/`: `name: {judgement.name}`, `bump: major`"
    return Finding(
        rule=rule.id,
        severity=severity,
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
    if fact.path and comparison.status is not Status.REMOVED:
        return Location(fact.path)
    if comparison.status is Status.REMOVED:
        return Location(comparison.path)
    return Location(comparison.path, fact.route)
