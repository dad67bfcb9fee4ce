"""`check`: what a change brings, judged before it is merged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from itertools import chain
from types import MappingProxyType
from typing import Any

from promptreg.checks.change_findings import change_findings, eased, unused_declarations
from promptreg.checks.hits import Users
from promptreg.checks.judgement import Judgement
from promptreg.checks.report import Report
from promptreg.checks.selection import select
from promptreg.checks.verdicts import judge
from promptreg.commands.check_findings import JudgedBase, new_findings
from promptreg.commands.check_range import Range, range_of, uncommitted
from promptreg.commands.gate_findings import gate_findings
from promptreg.commands.judged import Earlier, judge_loaded, report_of
from promptreg.commands.known_facts import known_facts
from promptreg.commands.known_prompts import known_prompts
from promptreg.commands.rendered_tests import with_rendered
from promptreg.commands.validate import Request
from promptreg.errors import RefusedError, RegistryError
from promptreg.model.configuration import FILE, Configuration
from promptreg.model.declaration import Declaration
from promptreg.model.finding import Finding
from promptreg.registry.changed_files import changed_files, own_files
from promptreg.registry.configuration import read_configuration
from promptreg.registry.facts import KeptFacts
from promptreg.registry.load import load
from promptreg.registry.named_files import files_named
from promptreg.registry.quiet import QuietPrompts
from promptreg.registry.settings import inactive_settings
from promptreg.registry.snapshot import Loaded, Snapshot
from promptreg.registry.workspace import Workspace
from promptreg.releases.comparing import Sides, compare_registries
from promptreg.releases.comparison import Comparison, EntryComparison, Point
from promptreg.releases.declared import declared_between
from promptreg.releases.known import KnownReleases, known_releases
from promptreg.releases.ledger import FETCH, FETCH_TAGS
from promptreg.releases.other_files import named_files, other_files
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
    span = range_of(workspace, request.base, request.head)
    settings, notes = _settings(span)
    cached = cached and settings is not None
    with (
        known_facts(workspace, cached=cached) as facts,
        known_prompts(workspace, cached=cached) as prompts,
    ):
        changed = changed_files(
            workspace, span.base, span.head, span.base.entries.keys() | span.head.entries.keys()
        )
        return _checked(workspace, request, _Means(span, settings, notes, changed, facts, prompts))


def _checked(workspace: Workspace, request: CheckRequest, by: _Means) -> Checked:
    repo, span, settings = workspace.git, by.span, by.settings
    known = _Known(repo)
    asked = Request(request.today, settings=settings or Configuration())
    old, new = _sides(by, asked, everything=request.everything)
    sides = Sides(old, new, _own_changes(by.changed, (old.snapshot, new.snapshot)))
    comparison = _compared(span, sides)
    tested = asked
    if not request.everything:
        tested = replace(asked, paths=_to_test(sides, comparison.entries))
    judged = judge_loaded(span.head, new, tested, known, by.earlier)
    if known.found.note:
        _require_releases(repo, sides)
    declared = declared_between(old.snapshot.loud_documents(), new.snapshot.loud_documents())
    judgements = _judgements(comparison.entries, sides, declared)
    if request.rendered:
        judgements = _rendered(judgements, comparison, sides)
    found = judged.findings
    if not request.everything and settings is not None:
        found = new_findings(judged, sides, comparison.entries, JudgedBase(span.base, asked, known))
    gates = gate_findings(workspace, span, sides, settings, request.moment)
    weighed = _weighed(judgements, declared, gates, settings or Configuration())
    about = (*found, *weighed)
    report = report_of(judged, about, asked)
    head = judged.loaded.snapshot.configuration
    notes = (*span.notes, *by.notes, *uncommitted(workspace, span, head), *report.notes)
    inactive = (*_inactive(span, settings), *_policies(sides))
    return Checked(replace(report, notes=notes), judgements, comparison, inactive)


@dataclass(frozen=True, slots=True)
class _Means:
    """What a change is judged by."""

    span: Range
    settings: Configuration | None
    """The base's; None where it has no usable ones."""
    notes: tuple[str, ...]
    changed: frozenset[str]
    """The paths of all files that differ."""
    facts: KeptFacts
    quiet: QuietPrompts

    @property
    def earlier(self) -> Earlier:
        """What earlier runs found out of the base."""
        return Earlier(facts=self.facts, quiet=self.quiet)


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
        for entry in sides.head.snapshot.loud_entries()
        if not sides.changed.isdisjoint(files_named(entry.path, entry.manifest))
    )
    return (*sides.changed & {FILE}, *(one.path for one in entries), *naming)


def _sides(by: _Means, asked: Request, *, everything: bool) -> tuple[Loaded, Loaded]:
    """Base and head. What texts say is found out once for both, and of new ones in this very run.

    Where nothing is known of the base it is judged first: what is found there of one prompt alone
    needn't be looked for on the other side, too. A base with a broken promptreg.yaml is read as the
    head's says.
    """
    span, facts, quiet = by.span, by.facts, by.quiet
    if by.settings is not None:
        compares = FILE not in by.changed and not everything
        if compares:
            quiet.compare(by.changed)
        old = load(span.base, settings=by.settings, facts=facts, quiet=quiet)
        if compares and not old.snapshot.quiet:
            judge_loaded(span.base, old, replace(asked, paths=()), KnownReleases, by.earlier)
        facts.read_no_more()
        quiet.read_no_more()
        return old, load(span.head, settings=by.settings, facts=facts, quiet=quiet)
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
        unreached=empty,
        texts=empty,
        files=frozenset(span.base.paths()),
        expected_names=empty,
        duplicates=empty,
    )
    return Loaded(snapshot, ())


def _own_changes(changed: frozenset[str], snapshots: tuple[Snapshot, Snapshot]) -> frozenset[str]:
    """Those of the changed files that have to do with the registry."""
    configurations = (snapshot.configuration for snapshot in snapshots)
    named = (path for snapshot in snapshots for path in named_files(snapshot))
    made_of = (path for snapshot in snapshots for one in snapshot.outlines() for path in one.paths)
    return own_files(changed, configurations) | changed.intersection(chain(made_of, named))


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
