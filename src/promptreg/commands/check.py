"""`check`: what a change brings, judged before it is merged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from typing import Any

from promptreg.checks.brought import Moves, brought
from promptreg.checks.change_findings import change_findings, eased, unused_declarations
from promptreg.checks.hits import Users
from promptreg.checks.judgement import Judgement
from promptreg.checks.report import Report
from promptreg.checks.selection import select
from promptreg.checks.verdicts import judge
from promptreg.commands.check_range import Range, range_of, uncommitted
from promptreg.commands.gate_findings import gate_findings
from promptreg.commands.judged import Judged, judge_loaded, report_of
from promptreg.commands.known_facts import known_facts
from promptreg.commands.rendered_tests import with_rendered
from promptreg.commands.validate import Request
from promptreg.errors import RefusedError, RegistryError
from promptreg.model.configuration import FILE, Configuration
from promptreg.model.declaration import Declaration
from promptreg.model.finding import Finding
from promptreg.registry.changed_files import changed_files, own_files
from promptreg.registry.configuration import read_configuration
from promptreg.registry.load import load
from promptreg.registry.settings import inactive_settings
from promptreg.registry.snapshot import Loaded, Snapshot
from promptreg.registry.workspace import Workspace
from promptreg.releases.comparing import Sides, compare_registries
from promptreg.releases.comparison import Comparison, EntryComparison, Point
from promptreg.releases.declared import declared_between
from promptreg.releases.known import KnownReleases, known_releases
from promptreg.releases.ledger import FETCH, FETCH_TAGS
from promptreg.releases.other_files import named_by, named_files, other_files
from promptreg.rules.builtin import descriptions
from promptreg.rules.changes.builtin import CHANGE_RULES
from promptreg.store.git.repository import Repository

_MOST_RENDERED = 50


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What to judge: the commit `head` against its merge-base with `base`.

    `everything` tells findings that the base has too.
    """

    base: str
    today: date
    everything: bool = False
    rendered: bool = False
    """Whether to render tests on both sides, for the entries that need the highest bump."""
    head: str = "HEAD"
    now: datetime | None = None
    """For soak times; None: the beginning of `today` in UTC."""

    @property
    def moment(self) -> datetime:
        """The moment that soak times end at."""
        return self.now or datetime.combine(self.today, time(), UTC)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a change brings."""

    report: Report
    judgements: tuple[Judgement, ...]
    """Every entry that differs, by name."""
    comparison: Comparison
    inactive: tuple[str, ...]
    """What the change would alter in how it is judged; it counts once it is merged."""


def check(workspace: Workspace, request: CheckRequest, *, cached: bool = False) -> Checked:
    """Judge what `request.head` brings since it left `request.base`.

    `cached` uses what the repository's cache knows of the base's texts, never of those that are new.
    Configuration and settings of the base count. Raises GitError where there is no base to compare
    with, RegistryError where the head has no usable promptreg.yaml, and RefusedError where
    environments change and no release is known here.
    """
    repo = workspace.git
    span = range_of(workspace, request.base, request.head)
    known = _Known(repo)
    settings, notes = _settings(span)
    asked = Request(request.today, settings=settings or Configuration())
    old, new = _sides(workspace, span, settings, cached=cached)
    sides = Sides(old, new, _changed(workspace, span, (old, new)))
    comparison = _compared(span, sides)
    tested = asked
    if not request.everything:
        tested = replace(asked, paths=_to_test(sides, comparison.entries))
    judged = judge_loaded(span.head, new, tested, known)
    if known.found.note:
        _require_releases(repo, sides)
    declared = declared_between(old.snapshot.documents, judged.loaded.snapshot.documents)
    judgements = _judgements(comparison.entries, sides, declared)
    if request.rendered:
        judgements = _rendered(judgements, comparison, sides)
    found = judged.findings
    if not request.everything and settings is not None:
        found = _brought(judged, sides, comparison.entries, _Base(span, asked, known))
    gates = gate_findings(workspace, span, sides, settings, request.moment)
    weighed = _weighed(judgements, declared, gates, settings or Configuration())
    about = (*found, *weighed)
    report = report_of(judged, about, asked)
    head = judged.loaded.snapshot.configuration
    notes = (*span.notes, *notes, *uncommitted(workspace, span, head), *report.notes)
    inactive = (*_inactive(span, settings), *_policies(sides))
    return Checked(replace(report, notes=notes), judgements, comparison, inactive)


class _Known:
    """The releases of a repository, read once and only where they are asked for."""

    def __init__(self, repo: Repository) -> None:
        self._repo = repo
        self._read = False
        self.found = KnownReleases()

    def __call__(self) -> KnownReleases:
        if not self._read:
            self.found, self._read = known_releases(self._repo), True
        return self.found


@dataclass(frozen=True, slots=True)
class _Base:
    """What is needed to judge the base, beside its loaded tree."""

    span: Range
    asked: Request
    known: _Known


def _settings(span: Range) -> tuple[Configuration | None, tuple[str, ...]]:
    """The base's configuration; None where it has no usable one, and the defaults judge."""
    if FILE not in span.base.entries:
        return None, ()
    try:
        return read_configuration(span.base), ()
    except RegistryError as problem:
        return None, (f"the built-in defaults judge, since in the base {problem.what}",)


def _to_test(sides: Sides, entries: Iterable[EntryComparison]) -> tuple[str, ...]:
    """Whose tests have to run: what differs or names a changed file. Others give what they gave."""
    naming = (
        entry.path
        for entry in sides.head.snapshot.entries.values()
        if not sides.changed.isdisjoint(named_by(entry))
    )
    return (*sides.changed & {FILE}, *(one.path for one in entries), *naming)


def _sides(
    workspace: Workspace, span: Range, settings: Configuration | None, *, cached: bool
) -> tuple[Loaded, Loaded]:
    """Base and head. What texts say is found out once for both, and of new ones in this very run.

    A base with a broken promptreg.yaml is read as the head's says.
    """
    with known_facts(workspace, cached=cached and settings is not None) as facts:
        if settings is not None:
            old = load(span.base, settings=settings, facts=facts)
            facts.read_no_more()
            return old, load(span.head, settings=settings, facts=facts)
        new = load(span.head, settings=Configuration(), facts=facts)
        if FILE not in span.base.entries:
            return _nothing(span), new
        return load(span.base, configuration=new.snapshot.configuration, facts=facts), new


def _nothing(span: Range) -> Loaded:
    """A base that was no registry yet."""
    empty: MappingProxyType[str, Any] = MappingProxyType({})
    snapshot = Snapshot(
        label=span.base.label,
        configuration=Configuration(),
        entries=empty,
        environments=empty,
        documents=empty,
        closures=empty,
        unresolved=empty,
        texts=empty,
        files=frozenset(span.base.paths()),
        expected_names=empty,
        duplicates=empty,
    )
    return Loaded(snapshot, ())


def _changed(workspace: Workspace, span: Range, sides: tuple[Loaded, Loaded]) -> frozenset[str]:
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
    return changed_files(
        workspace, span.base, span.head, own_files(files, configurations) | made_of
    )


def _require_releases(repo: Repository, sides: Sides) -> None:
    """Refuse to pass a change of environments where no release is known to judge it by."""
    environments = sides.head.snapshot.documents
    changed = sorted(
        path
        for path in sides.changed
        if path in environments and environments[path].kind == "Environment"
    )
    if changed:
        raise RefusedError(
            "this clone has no release tags, and the change says which releases run",
            where=", ".join(changed[:3]),
            hint=f"get the tags: `{FETCH if repo.shallow else FETCH_TAGS}`",
        )


def _compared(span: Range, sides: Sides) -> Comparison:
    entries = compare_registries(sides)
    base = Point(span.asked, span.base.label, span.base.commit)
    head = Point(span.newest, span.head.label, span.head.commit)
    return Comparison(base, head, entries, other_files(sides, entries))


def _judgements(
    entries: Iterable[EntryComparison], sides: Sides, declared: Iterable[Declaration]
) -> tuple[Judgement, ...]:
    users = Users((sides.base.snapshot, sides.head.snapshot))
    by_name = {one.name: one for one in declared}
    found = []
    for one in entries:
        names = (one.name, one.before_name) if one.before_name else (one.name,)
        said = next((by_name[name] for name in names if name in by_name), None)
        found.append(Judgement(one, judge(one.changes, CHANGE_RULES), users.hits(names), said))
    return tuple(found)


def _rendered(
    judgements: tuple[Judgement, ...], comparison: Comparison, sides: Sides
) -> tuple[Judgement, ...]:
    """The judgements with what tests render to, for as many entries as a comment could show."""
    chosen = sorted(judgements, key=lambda one: (-one.bump, one.name))[:_MOST_RENDERED]
    some = replace(comparison, entries=tuple(one.comparison for one in chosen))
    rendered = with_rendered(some, sides.base.snapshot, sides.head.snapshot).entries
    by_place = {(one.name, one.path): one for one in rendered}
    return tuple(
        replace(one, comparison=by_place.get((one.name, one.comparison.path), one.comparison))
        for one in judgements
    )


def _brought(
    judged: Judged, sides: Sides, entries: Sequence[EntryComparison], base: _Base
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
    before = judge_loaded(base.span.base, sides.base, asked, base.known)
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


def _weighed(
    judgements: Sequence[Judgement],
    declared: Iterable[Declaration],
    gates: Iterable[Finding],
    settings: Configuration,
) -> Iterator[Finding]:
    """Findings of change rules and gates, weighed by the base's `severity:` but by no profile."""
    found = [*change_findings(judgements), *unused_declarations(declared, judgements), *gates]
    weighed = select(found, replace(settings, profile="recommended"), descriptions())
    return eased((one for one in weighed if one.at.path != FILE), judgements)


def _inactive(span: Range, settings: Configuration | None) -> tuple[str, ...]:
    return inactive_settings(settings or Configuration(), read_configuration(span.head))


def _policies(sides: Sides) -> Iterator[str]:
    before, after = sides.base.snapshot.documents, sides.head.snapshot.documents
    for path in sorted(sides.changed & (before.keys() | after.keys())):
        if "Policy" in {one.kind for one in (before.get(path), after.get(path)) if one}:
            what = "is new" if path not in before else "is gone" if path not in after else "changed"
            yield f"policies: {path} {what}"
