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
from promptreg.releases.ledger import Ledger, all_releases, releases_of
from promptreg.releases.plan import CreateTag, Plan
from promptreg.releases.preconditions import (
    release_commit,
    require_all_tags,
    require_committed,
)
from promptreg.releases.releasing import (
    Candidate,
    Leave,
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
    """Which entries to release: those of `names`, or every changed or new one."""

    names: tuple[str, ...] = ()
    changed: bool = False
    revision: str = ""
    wanted: Wanted = field(default_factory=Wanted)
    sign: bool | None = None
    """Whether the tags are signed; None leaves it to the registry and git's configuration."""
    new: bool = False
    """Whether every entry is meant that was never released; retired ones aren't."""


def plan_release(workspace: Workspace, request: ReleaseRequest, today: date) -> Plan:
    """What `release` would write. Every entry is validated and tested first.

    Raises RefusedError, GitError or SelectorError where an entry can't be released.
    """
    _require_meant(request)
    configuration = read_configuration(workspace.working_tree())
    commit = release_commit(workspace, configuration, request.revision)
    require_all_tags(workspace, configuration)
    tree = workspace.revision(commit)
    loaded = load(tree)
    if request.names:
        plan = _plan_named(workspace, loaded, commit, request)
    else:
        plan = _plan_all(workspace, loaded, commit, request)
    plan = with_declared(workspace, plan, loaded.snapshot.documents)
    names = tuple(step.release.name for step in plan.steps if isinstance(step, CreateTag))
    if not request.names and not request.revision:
        require_committed(workspace, [loaded.snapshot.entries[name] for name in names])
    require_sound(tree, loaded, names, today)
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


def _require_meant(request: ReleaseRequest) -> None:
    several = len(request.names) > 1 or request.changed or request.new
    if bool(request.names) == (request.changed or request.new):
        raise UsageError(
            "name the entries to release, or `--changed` for every changed one, `--new` for every "
            "one that was never released",
            hint="`promptreg list` shows the entries",
        )
    if several and request.wanted.version is not None:
        raise UsageError(
            "`--version` is one entry's version, and several are to be released",
            hint="`--bump` raises the version of each",
        )


def _plan_named(workspace: Workspace, loaded: Loaded, commit: str, request: ReleaseRequest) -> Plan:
    """The entries that were named; each has to have something to release."""
    label = workspace.revision(commit).label
    entries = [entry_of(loaded, name, label) for name in dict.fromkeys(request.names)]
    if not request.revision:
        require_committed(workspace, entries)
    snapshots = ReleasedEntries(workspace)
    chosen = [
        candidate(workspace, one, releases_of(workspace.git, one.name), snapshots)
        for one in entries
    ]
    snapshot = loaded.snapshot
    return plan_releases(workspace, snapshot, commit, chosen, request.wanted, cost_of=cost_of)


def _plan_all(workspace: Workspace, loaded: Loaded, commit: str, request: ReleaseRequest) -> Plan:
    """Every entry that has changed since its release, agents by what they pin too; or is new.

    An entry whose newest tag can't be trusted is left out, so that it doesn't stop the others.
    """
    released = all_releases(workspace.git)
    snapshots = ReleasedEntries(workspace)
    chosen: list[Candidate] = []
    notes: list[str] = []
    for name, entry in loaded.snapshot.entries.items():
        if not (request.changed if name in released else request.new):
            continue
        try:
            chosen.append(candidate(workspace, entry, released.get(name, ()), snapshots))
        except NoAnswerError:
            raise  # that is no fault of the entry
        except PromptregError as problem:
            notes.append(f"`{name}` is left out: {problem.what}")
    chosen = [one for one in chosen if one.releases or not one.retired]
    plan = plan_releases(
        workspace,
        loaded.snapshot,
        commit,
        chosen,
        request.wanted,
        cost_of=cost_of,
        leave=Leave.UNCHANGED,
        ledger=Ledger(workspace.git, released),
    )
    notes += plan.notes
    if not plan.steps:
        raise _nothing(request, notes)
    return replace(plan, notes=tuple(notes))


def _nothing(request: ReleaseRequest, notes: list[str]) -> RefusedError:
    where = "; ".join(notes)
    if not request.new:
        return RefusedError(
            "nothing that was released before has changed since",
            where=where,
            hint="`promptreg release --new` releases what never was, `promptreg release NAME` one",
        )
    said = " and nothing has changed since" if request.changed else ""
    return RefusedError(
        f"every entry was released before{said}", where=where, hint="`promptreg status` shows all"
    )
