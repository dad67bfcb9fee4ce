"""`release`: tag versions of entries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from promptreg.commands.soundness import require_sound
from promptreg.errors import RefusedError, UsageError
from promptreg.registry.configuration import read_configuration
from promptreg.registry.load import load
from promptreg.registry.snapshot import Loaded
from promptreg.registry.workspace import Workspace
from promptreg.releases.ledger import all_releases, releases_of
from promptreg.releases.plan import Plan
from promptreg.releases.releasing import (
    Candidate,
    Wanted,
    candidate,
    plan_releases,
    release_commit,
    require_all_tags,
    require_committed,
)
from promptreg.releases.resolve import entry_of


@dataclass(frozen=True, slots=True)
class ReleaseRequest:
    """Which entries to release: `name`, or every changed one."""

    name: str = ""
    changed: bool = False
    revision: str = ""
    wanted: Wanted = field(default_factory=Wanted)


def plan_release(workspace: Workspace, request: ReleaseRequest, today: date) -> Plan:
    """What `release` would write. Every entry is validated and tested first.

    Raises RefusedError, GitError or SelectorError where an entry can't be released.
    """
    if bool(request.name) == request.changed:
        raise UsageError(
            "name the entry to release, or `--changed` for every changed one",
            hint="`promptreg list` shows the entries",
        )
    configuration = read_configuration(workspace.working_tree())
    commit = release_commit(workspace, configuration, request.revision)
    require_all_tags(workspace, configuration)
    tree = workspace.revision(commit)
    loaded = load(tree)
    if request.changed:
        chosen = _changed(workspace, loaded)
    else:
        entry = entry_of(loaded, request.name, tree.label)
        chosen = [candidate(workspace, entry, releases_of(workspace.git, entry.name))]
    if not request.revision:
        require_committed(workspace, [one.entry for one in chosen])
    require_sound(tree, loaded.snapshot, tuple(one.entry.name for one in chosen), today)
    return plan_releases(workspace, loaded.snapshot, commit, chosen, request.wanted)


def _changed(workspace: Workspace, loaded: Loaded) -> list[Candidate]:
    released = all_releases(workspace.git)
    found = [
        candidate(workspace, entry, released[name])
        for name, entry in loaded.snapshot.entries.items()
        if name in released
    ]
    chosen = [one for one in found if not one.unchanged]
    if not chosen:
        raise RefusedError(
            "nothing that was released before has changed since",
            hint="`promptreg release NAME` makes the first release of an entry",
        )
    return chosen
