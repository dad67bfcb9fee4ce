"""The events of a registry, from its branches and tags."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from promptreg.model.approval import Approval
from promptreg.model.audit import Branch, Event, Person
from promptreg.ops.audit.authority import Authority
from promptreg.ops.audit.course import (
    ENVIRONMENTS,
    REGISTRY,
    Course,
    course_of,
    environment_places,
    merged_into,
)
from promptreg.ops.audit.describing import described, is_by_hand, reason_of
from promptreg.ops.audit.facts import Pinned, Slot
from promptreg.ops.audit.signatures import Claim, Judge, read_claims
from promptreg.ops.audit.steps import ENVIRONMENT, Change, Files, Scope, Step, Touched, scope_of
from promptreg.ops.audit.wording import kept
from promptreg.registry.workspace import Workspace
from promptreg.releases.ledger import all_releases, require_history
from promptreg.releases.moment import moment
from promptreg.releases.tag import Release
from promptreg.store.git.commits import Commit, Signature, read_commits
from promptreg.store.git.file_changes import FileChange, file_changes
from promptreg.store.git.objects import ObjectReader
from promptreg.store.git.tree_reader import TreeReader

_Origin: TypeAlias = tuple[str, Slot, str]
"""A commit, what it changed, and in which file."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """Everything that git was asked for."""

    course: Course
    releases: Mapping[str, tuple[Release, ...]]
    registry: tuple[Step, ...]
    environments: tuple[Step, ...]
    origins: Mapping[_Origin, str]
    commits: Mapping[str, Commit]
    claims: Mapping[str, Claim]


def events_of(
    workspace: Workspace, branches: Sequence[Branch], *, without: Container[str] = ()
) -> tuple[Event, ...]:
    """Everything that happened up to the commits of `branches`, oldest first.

    Tags in `without` count as not there.

    A commit stands after its parents, a release after its commit, and what happened on an
    environments' branch after the releases that it names. Releases of commits that the registry's
    branch doesn't reach come last, by name and version. Raises RefusedError in a shallow clone,
    GitError where an object is missing.
    """
    require_history(workspace.git)
    environment = workspace.git.git.environment
    with ObjectReader(workspace.git) as reader, Judge(environment) as judge:
        releases = {
            name: left
            for name, own in all_releases(workspace.git).items()
            if (left := tuple(one for one in own if one.tag not in without))
        }
        reading = _read(workspace, branches, reader, releases)
        authority = Authority(workspace, reading.releases, judge, TreeReader(reader))
        return tuple(_Teller(reading, authority, judge).events())


def _read(
    workspace: Workspace,
    branches: Sequence[Branch],
    reader: ObjectReader,
    releases: Mapping[str, tuple[Release, ...]],
) -> _Reading:
    every = [one for own in releases.values() for one in own]
    known = [one.commit for one in every if one.commit and not one.problem]
    course = course_of(workspace.git, branches, _present(reader, known))
    lines = (course.registry, course.environments)
    changed = file_changes(
        workspace.git,
        (_with_parent(course, one) for line in lines for one in line),
        workspace.prefix,
    )
    scope = scope_of(reader, workspace.prefix, (changed.get(one, ()) for one in course.registry))
    apart = any(branch.role == ENVIRONMENTS for branch in branches)
    registry = _steps(reader, scope, course.registry, changed, but=ENVIRONMENT if apart else "")
    own = _steps(reader, scope, course.environments, changed, only=ENVIRONMENT)
    origins = _origins(workspace, reader, course, scope, (registry, own))
    wanted = {one.commit for one in (*registry, *own)} | set(origins.values())
    signed = [*sorted(wanted), *(one.tag_object for one in every if one.tag_object)]
    return _Reading(
        course,
        releases,
        registry,
        own,
        origins,
        read_commits(workspace.git, sorted(wanted)),
        read_claims(reader, signed),
    )


def _present(reader: ObjectReader, commits: Iterable[str]) -> list[str]:
    """Those that git has: a tag of a lost commit is told by `verify`, and stops nothing here."""
    oids = list(dict.fromkeys(commits))
    return [
        one.oid for one in reader.read_many(oids, limit=1 << 24, go_on=True) if one.kind == "commit"
    ]


def _with_parent(course: Course, commit: str) -> tuple[str, str]:
    return commit, next(iter(course.parents[commit]), "")


def _steps(
    reader: ObjectReader,
    scope: Scope,
    line: Sequence[str],
    changed: Mapping[str, Sequence[FileChange]],
    *,
    only: str = "",
    but: str = "",
) -> tuple[Step, ...]:
    touched: dict[str, tuple[Touched, ...]] = {}
    for commit in line:
        own = scope.touched(changed.get(commit, ()))
        found = tuple(one for one in own if one[0] != but and only in {"", one[0]})
        if found:
            touched[commit] = found
    return tuple(Files(scope).steps(reader, line, touched))


def _origins(
    workspace: Workspace,
    reader: ObjectReader,
    course: Course,
    scope: Scope,
    lines: tuple[Sequence[Step], Sequence[Step]],
) -> dict[_Origin, str]:
    """For what a merge brought: the last of the merged commits that set the same value."""
    merges = [{one.commit: one for one in line if _is_merge(course, one)} for line in lines]
    brought = merged_into(course, REGISTRY, merges[0])
    brought |= merged_into(course, ENVIRONMENTS, merges[1])
    pairs = [_with_parent(course, one) for commits in brought.values() for one in commits]
    changed = file_changes(workspace.git, pairs, workspace.prefix)
    files = Files(scope)
    found: dict[_Origin, str] = {}
    for step in (*merges[0].values(), *merges[1].values()):
        paths = {change.path for change in step.changes}
        wanted = {(change.slot, change.path): change.after for change in step.changes}
        for commit in brought[step.commit]:
            touched = [one for one in scope.touched(changed.get(commit, ())) if one[1] in paths]
            for one in files.differences(reader, touched):
                place = one.slot, one.path
                if place in wanted and wanted[place] == one.after:
                    found[step.commit, *place] = commit
    return found


def _is_merge(course: Course, step: Step) -> bool:
    return len(course.parents[step.commit]) > 1 and bool(step.changes)


class _Teller:
    """Goes through what was read in its order, and tells it."""

    def __init__(self, reading: _Reading, authority: Authority, judge: Judge) -> None:
        self._reading = reading
        self._authority = authority
        self._judge = judge

    def events(self) -> Iterator[Event]:
        reading, course = self._reading, self._reading.course
        registry = {step.commit: step for step in reading.registry}
        released, elsewhere = self._by_place()
        environments = self._environments_by_place(released)
        for step in environments.get(-1, ()):
            yield from self._told(step)
        for place, commit in enumerate(course.registry):
            if commit in registry:
                self._authority.follow(registry[commit])
                yield from self._told(registry[commit])
            self._authority.settle()
            for release in released.get(place, ()):
                yield self._release(release)
            for step in environments.get(place, ()):
                yield from self._told(step)
        for release in elsewhere:
            yield self._release(release)

    def _by_place(self) -> tuple[dict[int, list[Release]], list[Release]]:
        places: defaultdict[int, list[Release]] = defaultdict(list)
        elsewhere: list[Release] = []
        for name in sorted(self._reading.releases):
            for release in self._reading.releases[name]:
                place = self._reading.course.reached.get(release.commit)
                (elsewhere if place is None else places[place]).append(release)
        return places, elsewhere

    def _environments_by_place(
        self, released: Mapping[int, Sequence[Release]]
    ) -> Mapping[int, list[Step]]:
        made = {
            (one.name, str(one.version)): place for place, own in released.items() for one in own
        }
        steps = {step.commit: step for step in self._reading.environments}
        needed = {commit: _needed(step, made) for commit, step in steps.items()}
        found: defaultdict[int, list[Step]] = defaultdict(list)
        for place, commit in environment_places(self._reading.course, needed):
            if commit in steps:
                found[place].append(steps[commit])
        return found

    def _told(self, step: Step) -> Iterator[Event]:
        for change, event in described(step.changes):
            if event.kind == "approval" and change.before is not None:
                gone = replace(change, after=None)
                yield self._event(step, gone, next(described([gone]))[1])
            yield self._event(step, change, event)

    def _event(self, step: Step, change: Change, event: Event) -> Event:
        made_in = self._reading.origins.get((step.commit, change.slot, change.path), step.commit)
        commit, made = self._reading.commits[step.commit], self._reading.commits[made_in]
        rules = self._authority.before
        claim = self._reading.claims.get(made_in)
        who = made.committer
        event = self._with_approvals(change, event)
        return replace(
            event,
            reason=reason_of(made.trailers, change, made.subject),
            by_hand=is_by_hand(made.trailers, change, event),
            commit=step.commit,
            made_in=made_in,
            author=_person(made.author),
            authored=_when(made.author),
            committer=_person(who),
            committed=_when(who),
            merged_by=_person(commit.committer) if len(commit.parents) > 1 else None,
            signature=self._judge.commit(claim, who.email, who.seconds, rules.allowed),
            policy=rules.digest,
        )

    def _with_approvals(self, change: Change, event: Event) -> Event:
        if change.slot[0] == "approval":
            given: Approval = change.after or change.before
            return replace(event, approval=self._authority.told(change.path, given))
        if isinstance(change.after, Pinned):
            pin = change.after
            counted = self._authority.counted(event.name, pin.version, pin.digest)
            return replace(event, approvals=counted, problem=self._doubt(event.name, pin))
        return event

    def _doubt(self, name: str, pin: Pinned) -> str:
        """What is wrong with a release that an environment names."""
        known = self._reading.releases.get(name, ())
        release = next((one for one in known if str(one.version) == pin.version), None)
        if release is None:
            return "there is no tag of this release"
        if release.problem:
            return kept(f"its tag can't be trusted: {release.problem}")
        return "" if release.digest == pin.digest else f"its tag promises {release.digest}"

    def _release(self, release: Release) -> Event:
        rules, version = self._authority.now, str(release.version)
        who = Person(kept(release.tagger_name), kept(release.tagger_email))
        when = moment(release.time) if release.tagger_email else ""
        claim = self._reading.claims.get(release.tag_object)
        return Event(
            "release",
            name=release.name,
            after=version,
            digest=release.digest,
            reason=kept(release.message),
            commit=release.commit,
            made_in=release.commit,
            tag=release.tag,
            tag_object=release.tag_object,
            author=who,
            authored=when,
            committer=who,
            committed=when,
            signature=self._judge.commit(claim, release.tagger_email, release.time, rules.allowed),
            policy=rules.digest,
            approvals=self._authority.counted(release.name, version, release.digest),
            problem=kept(release.problem),
        )


def _needed(step: Step, made: Mapping[tuple[str, str], int]) -> int:
    """The place of the newest release that a commit points something to."""
    pins = [(one.slot[2], one.after) for one in step.changes if isinstance(one.after, Pinned)]
    return max((made.get((name, pin.version), -1) for name, pin in pins), default=-1)


def _person(signature: Signature) -> Person:
    return Person(kept(signature.name), kept(signature.email))


def _when(signature: Signature) -> str:
    return moment(signature.seconds, signature.zone)
