"""`check`: what a change brings, judged before it is merged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from promptreg.checks.change_findings import change_findings, unused_declarations
from promptreg.checks.hits import hits_of
from promptreg.checks.judgement import Judgement
from promptreg.checks.report import Report
from promptreg.checks.selection import select
from promptreg.checks.verdicts import judge
from promptreg.commands.rendered_tests import with_rendered
from promptreg.commands.validate import Judged, Request, judge_tree, report_of
from promptreg.errors import GitError, RegistryError
from promptreg.model.configuration import FILE, Configuration
from promptreg.model.declaration import Declaration, parse_declaration
from promptreg.model.finding import Finding
from promptreg.registry.changed_files import changed_files, own_files
from promptreg.registry.configuration import read_configuration
from promptreg.registry.settings import inactive_settings
from promptreg.registry.snapshot import Loaded, Snapshot
from promptreg.registry.workspace import Workspace
from promptreg.releases.comparing import Sides, compare_registries
from promptreg.releases.comparison import Comparison, EntryComparison, Point
from promptreg.releases.known import known_releases
from promptreg.releases.other_files import named_files, other_files
from promptreg.rules.builtin import descriptions
from promptreg.rules.changes.builtin import CHANGE_RULES
from promptreg.store.git.repository import Repository
from promptreg.store.git.revisions import merge_base, resolve_commit
from promptreg.store.git.worktree import require_first_commit
from promptreg.store.trees import RevisionTree


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What to judge: the commit `head` against its merge-base with `base`.

    `everything` tells findings that the base has too.
    """

    base: str
    today: date
    everything: bool = False
    rendered: bool = False
    """Whether to render the tests of changed entries on both sides."""
    head: str = "HEAD"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a change brings."""

    report: Report
    judgements: tuple[Judgement, ...]
    """Every entry that differs, by name."""
    comparison: Comparison
    inactive: tuple[str, ...]
    """What the change would alter in how it is judged; it counts once it is merged."""


def check(workspace: Workspace, request: CheckRequest) -> Checked:
    """Judge what `request.head` brings since it left `request.base`.

    Configuration and settings of the base count. Raises GitError where there is no base to compare
    with, and RegistryError where the head has no usable promptreg.yaml.
    """
    repo = workspace.git
    require_first_commit(repo)
    head = resolve_commit(repo, request.head)
    base = _merge_base(repo, request.base, head)
    older = RevisionTree(repo, base, workspace.prefix)
    newer = RevisionTree(repo, head, workspace.prefix)
    settings = _settings(older)
    asked = Request(request.today, settings=settings or Configuration())
    judged = judge_tree(newer, asked, lambda: known_releases(repo))
    before = None if settings is None else judge_tree(older, asked, lambda: known_releases(repo))
    old = before.loaded if before else _nothing(older)
    sides = Sides(old, judged.loaded, _changed(workspace, older, newer, (old, judged.loaded)))
    points = Point(request.base, older.label, base), Point(request.head, newer.label, head)
    comparison = _compared(sides, *points)
    if request.rendered:
        comparison = with_rendered(comparison, old.snapshot, judged.loaded.snapshot)
    declared = _declared(old.snapshot, judged.loaded.snapshot)
    judgements = tuple(_judgement(one, sides, declared) for one in comparison.entries)
    told = _told(judged, before, judgements, declared, everything=request.everything)
    report = report_of(judged, told, asked)
    return Checked(report, judgements, comparison, _inactive(newer, settings))


def _compared(sides: Sides, base: Point, head: Point) -> Comparison:
    entries = compare_registries(sides)
    return Comparison(base, head, entries, other_files(sides, entries))


def _merge_base(repo: Repository, base: str, head: str) -> str:
    try:
        found = merge_base(repo, resolve_commit(repo, base), head)
    except GitError as problem:
        if not repo.shallow:
            raise _missing(base, problem) from None
        raise GitError(
            f"this clone is shallow, so `{base}` can't be compared with",
            where=str(repo.top_level),
            hint="`git fetch --unshallow --tags` gets the history "
            "(in CI: `fetch-depth: 0` for the checkout)",
        ) from None
    if found is None:
        raise GitError(
            f"`{base}` and HEAD share no history",
            where=str(repo.top_level),
            hint="name the branch that HEAD was started from",
        )
    return found


def _missing(base: str, problem: GitError) -> GitError:
    if not problem.what.startswith("there is no commit"):
        return problem
    name = base.removeprefix("origin/")
    return GitError(
        problem.what,
        where=problem.where,
        hint=f"fetch it: `git fetch origin {name}`, then `--base origin/{name}`",
    )


def _settings(tree: RevisionTree) -> Configuration | None:
    """The base's configuration; None where it has no usable one, and the defaults judge."""
    try:
        return read_configuration(tree)
    except RegistryError:
        return None


def _inactive(head: RevisionTree, settings: Configuration | None) -> tuple[str, ...]:
    return inactive_settings(settings or Configuration(), read_configuration(head))


def _nothing(tree: RevisionTree) -> Loaded:
    """A base that was no registry yet."""
    empty: MappingProxyType[str, Any] = MappingProxyType({})
    snapshot = Snapshot(
        label=tree.label,
        configuration=Configuration(),
        entries=empty,
        environments=empty,
        documents=empty,
        closures=empty,
        unresolved=empty,
        texts=empty,
        files=frozenset(tree.paths()),
        expected_names=empty,
        duplicates=empty,
    )
    return Loaded(snapshot, ())


def _changed(
    workspace: Workspace, older: RevisionTree, newer: RevisionTree, sides: tuple[Loaded, Loaded]
) -> frozenset[str]:
    snapshots = tuple(side.snapshot for side in sides)
    made_of = {
        path
        for snapshot in snapshots
        for entry in snapshot.entries.values()
        for path in entry.paths
    }
    made_of |= {path for snapshot in snapshots for path in named_files(snapshot)}
    files = snapshots[0].files | snapshots[1].files
    configurations = (snapshot.configuration for snapshot in snapshots)
    return changed_files(workspace, older, newer, own_files(files, configurations) | made_of)


def _declared(base: Snapshot, head: Snapshot) -> dict[str, Declaration]:
    """Declarations that this change brings, by entry."""
    found = {}
    for path in sorted(head.documents):
        document = head.documents[path]
        known = base.documents.get(path)
        if document.kind == "Change" and (known is None or known.data != document.data):
            declaration = parse_declaration(path, document.data)
            found[declaration.name] = declaration
    return found


def _judgement(
    comparison: EntryComparison, sides: Sides, declared: dict[str, Declaration]
) -> Judgement:
    snapshots = (sides.base.snapshot, sides.head.snapshot)
    old_name = comparison.before_name or comparison.name
    return Judgement(
        comparison,
        judge(comparison.changes, CHANGE_RULES),
        hits_of(old_name, snapshots),
        declared.get(comparison.name) or declared.get(old_name),
    )


def _told(
    judged: Judged,
    before: Judged | None,
    judgements: Iterable[Judgement],
    declared: dict[str, Declaration],
    *,
    everything: bool,
) -> tuple[Finding, ...]:
    known = set()
    if before is not None and not everything:
        known = {finding.fingerprint for finding in before.findings}
    found = [one for one in judged.findings if one.fingerprint not in known]
    changes = [finding for one in judgements for finding in change_findings(one)]
    changes += unused_declarations(declared.values(), judgements)
    configuration = judged.loaded.snapshot.configuration
    weighed = select(changes, replace(configuration, profile="recommended"), descriptions())
    return (*found, *(one for one in weighed if one.at.path != FILE))
