"""`release`: tag versions of entries."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from promptreg.commands.cost import cost_of
from promptreg.commands.gating import committed_grounds, require_release_approvals
from promptreg.commands.soundness import require_sound
from promptreg.errors import PromptregError, RefusedError, UsageError
from promptreg.model.selector import AtRevision, Selector
from promptreg.registry.configuration import read_configuration
from promptreg.registry.load import load
from promptreg.registry.snapshot import Loaded
from promptreg.registry.workspace import Workspace
from promptreg.releases.declaring import with_declared
from promptreg.releases.ledger import all_releases, releases_of
from promptreg.releases.plan import CreateTag, Plan
from promptreg.releases.preconditions import (
    release_commit,
    require_all_tags,
    require_committed,
)
from promptreg.releases.releasing import (
    Candidate,
    ReleasedEntries,
    Wanted,
    candidate,
    plan_releases,
)
from promptreg.releases.resolve import Resolved, entry_of
from promptreg.releases.signing import signed_plan
from promptreg.store.git.process import NoAnswerError


@dataclass(frozen=True, slots=True)
class ReleaseRequest:
    """Which entries to release: `name`, or every changed one."""

    name: str = ""
    changed: bool = False
    revision: str = ""
    wanted: Wanted = field(default_factory=Wanted)
    sign: bool | None = None
    """Whether the tags are signed; None leaves it to the registry and git's configuration."""


def plan_release(workspace: Workspace, request: ReleaseRequest, today: date) -> Plan:
    """What `release` would write. Every entry is validated and tested first.

    Raises RefusedError, GitError or SelectorError where an entry can't be released.
    """
    if bool(request.name) == request.changed:
        raise UsageError(
            "name the entry to release, or `--changed` for every changed one",
            hint="`promptreg list` shows the entries",
        )
    if request.changed and request.wanted.version is not None:
        raise UsageError(
            "`--version` is one entry's version, and `--changed` may release several",
            hint="`--bump` raises the version of each",
        )
    configuration = read_configuration(workspace.working_tree())
    commit = release_commit(workspace, configuration, request.revision)
    require_all_tags(workspace, configuration)
    tree = workspace.revision(commit)
    loaded = load(tree)
    if request.changed:
        plan = _plan_changed(workspace, loaded, commit, request.wanted)
    else:
        entry = entry_of(loaded, request.name, tree.label)
        if not request.revision:
            require_committed(workspace, [entry])
        one = candidate(workspace, entry, releases_of(workspace.git, entry.name))
        plan = plan_releases(
            workspace, loaded.snapshot, commit, [one], request.wanted, cost_of=cost_of
        )
    plan = with_declared(workspace, plan, loaded.snapshot.documents)
    names = tuple(step.release.name for step in plan.steps if isinstance(step, CreateTag))
    if request.changed and not request.revision:
        require_committed(workspace, [loaded.snapshot.entries[name] for name in names])
    require_sound(tree, loaded.snapshot, names, today)
    _require_approvals(workspace, loaded, commit, names)
    demanded = configuration.signed_releases or loaded.snapshot.configuration.signed_releases
    return signed_plan(workspace, plan, asked=request.sign, demanded=demanded)


def _require_approvals(
    workspace: Workspace, loaded: Loaded, commit: str, names: tuple[str, ...]
) -> None:
    """Refuse agents whose own gate isn't open; the committed teams and approvals count."""
    entries = [loaded.snapshot.entries[name] for name in names]
    chosen = [
        Resolved(
            Selector(one.name, AtRevision(commit)),
            one,
            loaded.snapshot,
            commit,
            release=None,
            confirmed=False,
        )
        for one in entries
        if one.data.get("approvals")
    ]
    if chosen:
        require_release_approvals(committed_grounds(workspace), chosen)


def _plan_changed(workspace: Workspace, loaded: Loaded, commit: str, wanted: Wanted) -> Plan:
    """Every entry that was released before and has changed, agents by what they pin too.

    An entry whose newest tag can't be trusted is left out, so that it doesn't stop the others.
    """
    released = all_releases(workspace.git)
    snapshots = ReleasedEntries(workspace)
    chosen: list[Candidate] = []
    notes: list[str] = []
    for name, entry in loaded.snapshot.entries.items():
        if name not in released:
            continue
        try:
            chosen.append(candidate(workspace, entry, released[name], snapshots))
        except NoAnswerError:
            raise  # that is no fault of the entry
        except PromptregError as problem:
            notes.append(f"`{name}` is left out: {problem.what}")
    plan = plan_releases(
        workspace, loaded.snapshot, commit, chosen, wanted, cost_of=cost_of, changed_only=True
    )
    notes += plan.notes
    if not plan.steps:
        raise RefusedError(
            "nothing that was released before has changed since",
            where="; ".join(notes),
            hint="`promptreg release NAME` makes the first release of an entry",
        )
    return replace(plan, notes=tuple(notes))
