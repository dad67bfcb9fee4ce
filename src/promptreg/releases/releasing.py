"""Planning releases: which entries, from which commit, as which version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol, TypeAlias

from promptreg.errors import GitError, PromptregError, RefusedError
from promptreg.model.change import Change
from promptreg.model.compare import compare
from promptreg.model.entry import Entry
from promptreg.model.prompt import Lifecycle
from promptreg.model.version import Bump, Version
from promptreg.registry.facts import Facts
from promptreg.registry.snapshot import Snapshot
from promptreg.registry.workspace import Workspace
from promptreg.releases.ledger import Ledger, latest_release, trusted
from promptreg.releases.pins import pin_changes, resolve_pins
from promptreg.releases.plan import CreateTag, Plan
from promptreg.releases.resolve import load_release
from promptreg.releases.tag import MAX_TAG_BYTES, Release
from promptreg.releases.versioning import next_version
from promptreg.store.git.changes import touched_paths
from promptreg.store.git.commits import rev_list
from promptreg.store.git.tree_reader import TreeReader

_MOST_SUBJECTS = 20
_HEADER_BYTES = 4096
"""Room for the tag's header: ids, its name, and who made it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a release. Without a version or bump the changes decide."""

    version: Version | None = None
    bump: Bump | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """The least bump that some changes need, and a sentence for each of them."""

    bump: Bump
    reasons: tuple[str, ...]


class Leave(Enum):
    """Which candidates are left out, with a note, instead of refusing all."""

    NONE = 0
    UNCHANGED = 1
    """Those that haven't changed, or are retired."""
    IMPOSSIBLE = 2
    """Those, and what can't be released as it is."""


CostOf: TypeAlias = Callable[[tuple[Change, ...]], Cost]
"""Judges facts; the rules that do so stand above this layer."""


class Costs(Protocol):
    """What changes since releases cost, as far as the two sides alone decide it."""

    def digest(self, entry: Entry) -> str:
        """The entry's digest."""

    def cost(self, base: Release, head: Entry, changes: Callable[[], tuple[Change, ...]]) -> Cost:
        """What `changes` from `base` to `head` cost; they are asked for where that isn't known."""

    def doubt(self) -> None:
        """Git failed while a release was compared, which another run may be able to."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry with its releases so far and what changed since the newest stable one."""

    entry: Entry
    releases: tuple[Release, ...]
    changes: tuple[Change, ...]
    unchanged: bool
    """Whether the newest release has the very same content; pins are looked at later."""
    known: Cost | None = None
    """What its changes cost, where `changes` (empty then) aren't needed to tell."""
    digest: str = ""
    """The entry's, where it was needed to tell."""

    @property
    def retired(self) -> bool:
        """Whether the entry has come to its end."""
        return self.entry.manifest.lifecycle is Lifecycle.RETIRED


class ReleasedEntries:
    """Entries as they were released, read through one git process, which ends with this object.

    `facts` may know what their texts say.
    Only what an entry consists of is read, never the rest of its commit.
    """

    def __init__(self, workspace: Workspace, facts: Facts | None = None) -> None:
        self._workspace = workspace
        self._facts = facts
        self._trees = TreeReader.of(workspace.git)

    def entry(self, release: Release) -> Entry:
        """The entry of a release, its digest recomputed. Raises RefusedError where it differs."""
        return load_release(self._workspace, release, self._trees, self._facts).entry


def candidate(
    workspace: Workspace,
    entry: Entry,
    releases: tuple[Release, ...],
    released: ReleasedEntries | None = None,
    costs: Costs | None = None,
) -> Candidate:
    """How an entry stands to its releases (lowest version first).

    Whoever only wants to know what its changes cost gives the `costs` that may know it, so that the
    release needn't be read. What an agent pins has a part in that, so that it is always compared.
    """
    if not releases:
        return Candidate(entry, (), (), unchanged=False)
    newest = trusted(releases[-1])
    stable = latest_release(releases) or newest
    digest = entry.digest() if costs is None else costs.digest(entry)
    same = newest.digest == digest
    if same and stable is newest:
        return Candidate(entry, releases, (), unchanged=True, digest=digest)
    base = trusted(stable)

    def changes() -> tuple[Change, ...]:
        try:
            return compare(_entry(workspace, base, released), entry)
        except GitError:
            if costs is not None:
                costs.doubt()
            raise

    if costs is None or entry.kind == "Agent" or newest.pins:
        return Candidate(entry, releases, changes(), unchanged=same, digest=digest)
    known = costs.cost(base, entry, changes)
    return Candidate(entry, releases, (), unchanged=same, known=known, digest=digest)


def _entry(workspace: Workspace, release: Release, released: ReleasedEntries | None) -> Entry:
    return released.entry(release) if released else load_release(workspace, release).entry


def plan_releases(  # noqa: PLR0913 - what is released, from where, and how it is judged
    workspace: Workspace,
    snapshot: Snapshot,
    commit: str,
    chosen: Sequence[Candidate],
    wanted: Wanted,
    *,
    cost_of: CostOf,
    leave: Leave = Leave.NONE,
    ledger: Ledger | None = None,
) -> Plan:
    """One tag for each candidate; agents come last, so that they pin what is released with them.

    Raises RefusedError where a candidate can't be released and isn't to be left out. `commit` is
    what `snapshot` was loaded from.
    """
    planned: dict[str, Release] = {}
    terms = _Terms(wanted, cost_of, planned, ledger or Ledger(workspace.git))
    made: list[Candidate] = []
    notes: list[str] = []
    costs: dict[str, Cost] = {}
    for one in sorted(chosen, key=lambda one: (one.entry.kind == "Agent", one.entry.name)):
        try:
            release, cost = _release(workspace, snapshot, one, terms)
        except GitError:
            raise  # that is no fault of the entry
        except PromptregError as problem:
            needed = Leave.UNCHANGED if one.unchanged or one.retired else Leave.IMPOSSIBLE
            if leave.value < needed.value:
                raise
            # An agent whose files are as released, but whose prompts can't be pinned any more.
            if not isinstance(problem, _NothingToReleaseError):
                notes.append(f"`{one.entry.name}` is left out: {problem.what}")
            continue
        planned[release.name] = replace(release, commit=commit)
        made.append(one)
        costs[one.entry.name] = cost
    texts = (
        {one.entry.name: wanted.message for one in made}
        if wanted.message
        else _subjects(workspace, made, planned, commit)
    )
    steps = tuple(
        within_limit(CreateTag(planned[name], texts[name], costs[name].reasons, costs[name].bump))
        for name in (one.entry.name for one in made)
    )
    title = ", ".join(f"release {tag.name} {tag.version}" for tag in list(planned.values())[:3])
    if len(planned) > 3:
        title += f" and {len(planned) - 3} more"
    return Plan(title, steps, tuple(notes))


def within_limit(step: CreateTag) -> CreateTag:
    """The step itself; RefusedError where its message is too long for a tag."""
    if len(step.message().encode()) > MAX_TAG_BYTES - _HEADER_BYTES:
        raise RefusedError(
            f"the message of `{step.release.name}` is too long for a tag",
            hint=f"a tag has at most {MAX_TAG_BYTES // 1024} KB",
        )
    return step


class _NothingToReleaseError(RefusedError):
    """The entry is as it was released, or retired."""


@dataclass(frozen=True, slots=True)
class _Terms:
    wanted: Wanted
    cost_of: CostOf
    planned: dict[str, Release]
    ledger: Ledger


def _release(
    workspace: Workspace, snapshot: Snapshot, one: Candidate, terms: _Terms
) -> tuple[Release, Cost]:
    entry = one.entry
    if one.retired:
        raise _NothingToReleaseError(
            f"`{entry.name}` is retired",
            where=entry.path,
            hint="a retired entry has no new releases; `git revert` of the commit that retired it "
            "brings it back",
        )
    newest = one.releases[-1] if one.releases else None
    pins = resolve_pins(workspace, entry, snapshot.entries, terms.planned, terms.ledger)
    wanted = terms.wanted
    moved = pin_changes(entry.name, newest.pins, pins) if newest else ()
    # Whoever names a version makes the announced one final.
    final = newest and newest.version.pre and wanted.version and not wanted.version.pre
    if newest and one.unchanged and not moved and not final:
        raise _NothingToReleaseError(
            f"nothing changed in `{entry.name}` since {newest.version}",
            where=f"tag `{newest.tag}`",
            hint="a release needs a change of its content; commit it first",
        )
    cost = one.known or terms.cost_of(one.changes + moved)
    number = next_version(
        entry.name, one.releases, cost.bump, version=wanted.version, bump=wanted.bump
    )
    release = Release(
        name=entry.name,
        version=number.version,
        commit="",
        digest=one.digest or entry.digest(),
        bump=number.bump.word,
        previous=newest.tag_object if newest else "",
        message="",
        pins=pins,
    )
    return release, cost


def _subjects(
    workspace: Workspace, made: Sequence[Candidate], planned: Mapping[str, Release], commit: str
) -> dict[str, str]:
    """What the commits since the last release say, by name, for releases without a message.

    A final release tells what its pre-releases told, too, as its bump counts it. Entries that were released from the same commit share a look at the history.
    """
    by_start: defaultdict[str, list[Candidate]] = defaultdict(list)
    for one in made:
        by_start[_start(one.releases, planned[one.entry.name].version)].append(one)
    found: dict[str, str] = {}
    for start, candidates in by_start.items():
        own = {one.entry.name: _paths(workspace, one) for one in candidates}
        every = sorted(set().union(*own.values()))
        since = (start,) if start else ()
        limit = _MOST_SUBJECTS if len(own) == 1 else None
        commits = rev_list(workspace.git, commit, paths=every, excluding=since, limit=limit)
        touched = touched_paths(workspace.git, commits) if len(own) > 1 else {}
        for name, paths in own.items():
            mine = [one for one in commits if len(own) == 1 or paths & touched[one.oid]]
            lines = [f"- {one.subject[:200]}" for one in mine[:_MOST_SUBJECTS]]
            found[name] = "\n".join(lines)
    return found


def _start(releases: Sequence[Release], version: Version) -> str:
    """The commit of the release that `version` comes after; "" for the first."""
    final = [one for one in releases if not one.version.pre and not version.pre]
    before = final or list(releases)
    return before[-1].commit if before else ""


def _paths(workspace: Workspace, one: Candidate) -> set[str]:
    prefix = workspace.prefix
    return {prefix + path for path in one.entry.paths}
