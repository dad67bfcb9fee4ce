"""Which findings a change brings: those of the head that the base doesn't have as well."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from promptreg.checks.brought import Moves, brought
from promptreg.commands.judged import Judged, judge_loaded
from promptreg.commands.validate import Request
from promptreg.model.finding import Finding
from promptreg.releases.comparing import Sides
from promptreg.releases.comparison import EntryComparison
from promptreg.releases.known import KnownReleases
from promptreg.rules.builtin import descriptions
from promptreg.store.trees import Tree


@dataclass(frozen=True, slots=True)
class JudgedBase:
    """What is needed to judge the base, beside its loaded tree."""

    tree: Tree
    asked: Request
    known: Callable[[], KnownReleases]


def new_findings(
    judged: Judged, sides: Sides, entries: Sequence[EntryComparison], base: JudgedBase
) -> tuple[Finding, ...]:
    """The findings that are new, and those that keep a changed file from being judged at all."""
    if not judged.findings:
        return ()
    moves = _moves(entries)
    back = {new: old for old, new in moves.paths.items()}
    paths = {one.at.path for one in judged.findings}
    # Tests of other entries and findings of other rules can't excuse anything.
    asked = replace(
        base.asked,
        paths=tuple(sorted(paths | {back.get(one, one) for one in paths})),
        only=frozenset(one.rule for one in judged.findings),
    )
    before = judge_loaded(base.tree, sides.base, asked, base.known)
    new = set(brought(judged.findings, before.findings, moves))
    known = descriptions()
    return tuple(
        one
        for one in judged.findings
        if one in new or (one.at.path in sides.changed and _is_fixed(one, known))
    )


def _is_fixed(finding: Finding, known: dict[str, Any]) -> bool:
    return finding.rule in known and known[finding.rule].is_fixed


def _moves(entries: Iterable[EntryComparison]) -> Moves:
    names: dict[str, str] = {}
    paths: dict[str, str] = {}
    for one in entries:
        if one.before_name:
            names[one.before_name] = one.name
        if one.before_path:
            paths[one.before_path] = one.path
        for fact in one.changes:
            if fact.kind == "template-moved" and fact.before and fact.after:
                paths[str(fact.before)] = str(fact.after)
    return Moves(names, paths)
