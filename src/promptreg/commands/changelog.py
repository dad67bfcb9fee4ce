"""`log --changelog`: what came with each release of an entry, or of all, and what would come next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from promptreg.checks.verdicts import judge
from promptreg.commands.cost import cost_of
from promptreg.errors import PromptregError, SelectorError
from promptreg.model.change import Change
from promptreg.model.compare import compare
from promptreg.model.entry import Entry
from promptreg.model.names import did_you_mean
from promptreg.model.selector import WorkingTree, parse_selector
from promptreg.registry.load import load
from promptreg.registry.snapshot import Loaded
from promptreg.registry.workspace import Workspace
from promptreg.releases.changelog import Changelog, EntryNotes, NextNotes, Note, ReleaseNotes
from promptreg.releases.declaring import with_declared
from promptreg.releases.ledger import (
    Ledger,
    all_releases,
    latest_release,
    releases_of,
    require_history,
    trusted,
)
from promptreg.releases.moment import moment
from promptreg.releases.pins import pin_changes
from promptreg.releases.plan import CreateTag
from promptreg.releases.releasing import (
    Candidate,
    Leave,
    ReleasedEntries,
    Wanted,
    candidate,
    plan_releases,
)
from promptreg.releases.tag import Release
from promptreg.rules.changes.builtin import CHANGE_RULES
from promptreg.store.git.worktree import require_first_commit


def changelog(workspace: Workspace, name: str = "") -> Changelog:
    """The changelog of the entry `name`, or of every entry that is there or was released.

    Each release is read once. Raises SelectorError where neither an entry nor a release has the
    name, RefusedError in a shallow clone.
    """
    now = require_first_commit(workspace.git)
    require_history(workspace.git)
    loaded = load(workspace.revision(now.commit))
    entries = loaded.snapshot.entries
    if name:
        known = {name: releases_of(workspace.git, _plain(name))}
        if not known[name] and name not in entries:
            hint = did_you_mean(name, entries) or "`promptreg list` shows what there is"
            raise SelectorError(f"there is no prompt or agent `{name}`, and no release", hint=hint)
    else:
        released = all_releases(workspace.git)
        known = {one: released.get(one, ()) for one in sorted({*entries, *released})}
    snapshots = ReleasedEntries(workspace)
    upcoming, notes = _upcoming(workspace, loaded, now.commit, known, snapshots)
    return Changelog(
        tuple(
            EntryNotes(
                one,
                entries[one].kind.lower() if one in entries else "",
                upcoming.get(one),
                tuple(reversed(_history(releases, snapshots))),
            )
            for one, releases in known.items()
        ),
        notes,
    )


def _plain(name: str) -> str:
    selector = parse_selector(name)
    if not isinstance(selector.point, WorkingTree):
        hint = f"`promptreg log {selector.name} --changelog` tells of them all"
        raise SelectorError(f"`{name}` names a version", hint=hint)
    return selector.name


def _history(releases: Sequence[Release], snapshots: ReleasedEntries) -> list[ReleaseNotes]:
    """Lowest version first; of the releases before one only the two that count are held."""
    found: list[ReleaseNotes] = []
    last: tuple[Release, Entry] | None = None
    stable: tuple[Release, Entry] | None = None
    for release in releases:
        try:
            entry = snapshots.entry(trusted(release))
        except PromptregError as problem:
            found.append(_release_notes(release, None, (), release.problem or problem.what))
            continue
        base = last if release.version.pre else stable or last
        notes = _notes(_changes(base, (release, entry))) if base else ()
        found.append(_release_notes(release, base[0] if base else None, notes))
        last = (release, entry)
        stable = stable if release.version.pre else last
    return found


def _changes(base: tuple[Release, Entry], head: tuple[Release, Entry]) -> tuple[Change, ...]:
    moved = pin_changes(head[1].name, base[0].pins, head[0].pins)
    return (*compare(base[1], head[1]), *moved)


def _notes(changes: Iterable[Change]) -> tuple[Note, ...]:
    """The costliest first, else in the order of the facts; each sentence once."""
    verdicts = sorted(judge(changes, CHANGE_RULES), key=lambda one: -one.impact.bump)
    told = (
        Note(one.impact.value, one.rule.id, f"{one.rule.headline}: {one.message}")
        for one in verdicts
    )
    return tuple(dict.fromkeys(told))


def _release_notes(
    release: Release, since: Release | None, notes: tuple[Note, ...], problem: str = ""
) -> ReleaseNotes:
    return ReleaseNotes(
        version=release.version,
        tag=release.tag,
        commit=release.commit,
        date=moment(release.time) if release.time else "",
        by=release.tagger,
        bump=release.bump,
        since=since.version if since else None,
        message=release.message.strip(),
        notes=notes,
        problem=problem,
    )


def _upcoming(
    workspace: Workspace,
    loaded: Loaded,
    commit: str,
    known: Mapping[str, tuple[Release, ...]],
    snapshots: ReleasedEntries,
) -> tuple[dict[str, NextNotes], tuple[str, ...]]:
    """What a release of each entry would bring; without an entry that can't be released."""
    chosen: list[Candidate] = []
    notes: list[str] = []
    steps: list[CreateTag] = []
    ledger = Ledger(workspace.git, known)
    for name, releases in known.items():
        entry = loaded.snapshot.entries.get(name)
        try:
            if entry is not None:
                chosen.append(candidate(workspace, entry, releases, snapshots))
        except PromptregError as problem:
            notes.append(f"what is new in `{name}` isn't told: {problem.what}")
    try:
        steps = _planned(workspace, loaded, commit, chosen, ledger)
    except PromptregError:
        for one in chosen:  # one can't be released, and the others shall be told all the same
            try:
                steps += _planned(workspace, loaded, commit, [one], ledger)
            except PromptregError as problem:
                what = f"what is new in `{one.entry.name}` isn't told: {problem.what}"
                notes.append(what)
    of = {one.entry.name: one for one in chosen}
    return {
        step.release.name: _next(step, of[step.release.name], snapshots) for step in steps
    }, tuple(notes)


def _planned(
    workspace: Workspace,
    loaded: Loaded,
    commit: str,
    chosen: Sequence[Candidate],
    ledger: Ledger,
) -> list[CreateTag]:
    plan = plan_releases(
        workspace,
        loaded.snapshot,
        commit,
        chosen,
        Wanted(),
        cost_of=cost_of,
        leave=Leave.UNCHANGED,
        ledger=ledger,
    )
    plan = with_declared(workspace, plan, loaded.snapshot.documents)
    return [step for step in plan.steps if isinstance(step, CreateTag)]


def _next(step: CreateTag, one: Candidate, snapshots: ReleasedEntries) -> NextNotes:
    release, base = step.release, latest_release(one.releases)
    changes: tuple[Change, ...] = ()
    if base is not None:
        # None were looked for where the content is that of the release; its file may have moved.
        own = one.changes or compare(snapshots.entry(trusted(base)), one.entry)
        changes = (*own, *pin_changes(release.name, base.pins, release.pins))
    return NextNotes(
        version=release.version,
        bump=release.bump,
        required=step.required,
        since=base.version if base else None,
        message=step.text.strip(),
        notes=_notes(changes),
    )
