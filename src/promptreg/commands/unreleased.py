"""What changed since it was released, as a part of `status`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from promptreg.commands.cost import cost_of
from promptreg.commands.known_costs import KnownCosts
from promptreg.errors import PromptregError
from promptreg.model.prompt import Lifecycle
from promptreg.model.selector import AtRevision, InEnvironment, Selector
from promptreg.model.version import Version
from promptreg.registry.facts import Facts
from promptreg.registry.snapshot import Loaded
from promptreg.registry.workspace import Workspace
from promptreg.releases.broken import broken_manifests
from promptreg.releases.ledger import Ledger
from promptreg.releases.meaning import may_mean
from promptreg.releases.pins import selectors_of
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
from promptreg.releases.unreleased import Unreleased, UnreleasedEntry

_UNSAID = Wanted(message="-")
"""With a message of its own no release looks for what the commits said."""


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier runs may have found out."""

    facts: Facts
    """What texts say."""
    costs: KnownCosts


def unreleased(
    workspace: Workspace,
    commit: str,
    loaded: Loaded,
    released: Mapping[str, tuple[Release, ...]],
    running: Mapping[tuple[str, str], Version],
    known: Known,
) -> Unreleased:
    """What `release --changed` would release of `commit`, which holds what was `loaded`.

    Agents count by what they pin, too.

    `running` tells what runs by environment and entry. Digests decide what changed, so that only
    releases of changed entries are looked at, and only those that aren't `known`.
    """
    entries = loaded.snapshot.entries
    chosen, notes = _candidates(workspace, loaded, released, known)
    changed = {one.entry.name for one in chosen if not one.unchanged}
    look = _Look(released, running, changed)
    concerned = [one for one in chosen if not one.unchanged or look.may_have_moved(one)]
    plan = plan_releases(
        workspace,
        loaded.snapshot,
        commit,
        concerned,
        _UNSAID,
        cost_of=cost_of,
        leave=Leave.IMPOSSIBLE,
        ledger=Ledger(workspace.git, released),
    )
    steps = [step for step in plan.steps if isinstance(step, CreateTag)]
    alive = [
        name for name, entry in entries.items() if entry.manifest.lifecycle is not Lifecycle.RETIRED
    ]
    runs = {name for _, name in running}
    return Unreleased(
        commit=commit,
        entries=tuple(
            _entry(step, entries[step.release.name].kind, released)
            for step in sorted(steps, key=lambda step: step.release.name)
        ),
        never_released=tuple(name for name in alive if name not in released),
        runs_nowhere=tuple(name for name in alive if name in released and name not in runs),
        notes=(*notes, *plan.notes, *_broken(loaded)),
    )


def _candidates(
    workspace: Workspace,
    loaded: Loaded,
    released: Mapping[str, tuple[Release, ...]],
    known: Known,
) -> tuple[list[Candidate], list[str]]:
    snapshots = ReleasedEntries(workspace, known.facts)
    chosen: list[Candidate] = []
    notes: list[str] = []
    for name, entry in loaded.snapshot.entries.items():
        try:
            if name in released:
                chosen.append(candidate(workspace, entry, released[name], snapshots, known.costs))
        except PromptregError as problem:
            notes.append(f"`{name}` is left out: {problem.what}")
    return chosen, notes


@dataclass(frozen=True, slots=True)
class _Look:
    """What selectors mean now, as far as what was read already tells."""

    released: Mapping[str, tuple[Release, ...]]
    running: Mapping[tuple[str, str], Version]
    changed: set[str]

    def may_have_moved(self, one: Candidate) -> bool:
        """Whether an agent would pin other releases than its newest one did."""
        pinned = {pin.role: (pin.name, pin.version) for pin in one.releases[-1].pins}
        used = dict(selectors_of(one.entry))
        return pinned.keys() != used.keys() or any(
            selector.name in self.changed
            or pinned[role] != (selector.name, str(self._means(selector)))
            for role, selector in used.items()
        )

    def _means(self, selector: Selector) -> Version | None:
        point = selector.point
        if isinstance(point, Version):
            return point
        if isinstance(point, InEnvironment):
            return self.running.get((point.environment, selector.name))
        if isinstance(point, AtRevision):
            return None
        versions = [one.version for one in self.released.get(selector.name, ())]
        return next((one for one in reversed(versions) if may_mean(point, one)), None)


def _entry(
    step: CreateTag, kind: str, released: Mapping[str, tuple[Release, ...]]
) -> UnreleasedEntry:
    release = step.release
    return UnreleasedEntry(
        name=release.name,
        kind=kind.lower(),
        since=released[release.name][-1].version,
        bump=release.bump,
        required=step.required,
        next=release.version,
        reasons=step.reasons,
    )


def _broken(loaded: Loaded) -> Iterator[str]:
    for path, finding in sorted(broken_manifests(loaded).items()):
        yield f"`{path}` can't be loaded, so it isn't known whether it changed: {finding.message}"
