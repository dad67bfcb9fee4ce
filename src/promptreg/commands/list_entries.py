"""`list`: the prompts and agents of a tree, their releases and where they run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from promptreg.commands.between_runs import between_runs
from promptreg.errors import SelectorError
from promptreg.model.configuration import Configuration
from promptreg.model.names import did_you_mean
from promptreg.model.version import Version, latest
from promptreg.registry.heads import KnownHeads
from promptreg.registry.manifests import Manifest, read_manifests
from promptreg.registry.workspace import Workspace
from promptreg.releases.deployed import RunsIn, deployed
from promptreg.releases.environments import unknown_environment
from promptreg.releases.ledger import FETCH, released_versions
from promptreg.reporters.entry_list import ListedEntry, Listing
from promptreg.store.git.config import clone_limits
from promptreg.store.git.revisions import resolve_commit


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are asked for; what is empty asks for nothing."""

    kind: str = ""
    owner: str = ""
    lifecycle: str = ""
    environment: str = ""
    """Only what runs there."""
    labels: tuple[tuple[str, str], ...] = ()
    """All of them must hold."""


def list_entries(
    workspace: Workspace, wanted: Wanted, *, revision: str = "", cached: bool = False
) -> Listing:
    """The entries of the working tree, or of a git revision.

    `cached` uses what the repository's cache knows of manifests.
    Releases and environments are those of now; without git there are none. Manifests that can't be
    read are named, never an error. Raises SelectorError for an owner or environment that nobody
    declared.
    """
    if revision:
        tree = workspace.revision(resolve_commit(workspace.git, revision))
    else:
        tree = workspace.working_tree()
    with between_runs(workspace, "manifests", KnownHeads, cached=cached) as heads:
        found = read_manifests(tree, heads)
    _check(wanted, found.configuration)
    running, unread = deployed(workspace, found.configuration)
    notes = [*unread]
    versions = released_versions(workspace.git) if workspace.repository else {}
    notes += _missing(workspace, versions, running)
    entries = [
        _listed(one, versions.get(one.content.name, ()), running.get(one.content.name, ()))
        for one in found.entries
    ]
    return Listing(
        tree=found.label,
        entries=tuple(entry for entry in entries if _fits(entry, wanted)),
        broken=found.broken,
        notes=tuple(notes),
    )


def _check(wanted: Wanted, configuration: Configuration) -> None:
    if wanted.environment and wanted.environment not in configuration.environments:
        raise unknown_environment(configuration, wanted.environment)
    if wanted.owner and wanted.owner not in configuration.owners:
        listed = ", ".join(f"`{name}`" for name in configuration.owners)
        raise SelectorError(
            f"there is no owner `{wanted.owner}`",
            where="`owners:` in promptreg.yaml",
            hint=did_you_mean(wanted.owner, configuration.owners) or f"there is {listed}",
        )


def _missing(
    workspace: Workspace,
    versions: Mapping[str, tuple[Version, ...]],
    running: Mapping[str, tuple[RunsIn, ...]],
) -> list[str]:
    """Why releases that exist may not be here."""
    if workspace.repository is None:
        return []
    if not versions:
        limits = clone_limits(workspace.repository)
        if limits.shallow:
            return [f"this clone is shallow and has no releases: `{FETCH}` gets them"]
        if limits.partial or limits.no_tags:
            return ["this clone was told to leave tags out: `git fetch --tags` gets releases"]
    gone = [
        f"{name} {one.version} in {one.environment}"
        for name, pins in sorted(running.items())
        for one in pins
        if one.version not in versions.get(name, ())
    ]
    if not gone:
        return []
    more = f" and {len(gone) - 1} more" if len(gone) > 1 else ""
    return [f"no tag here for what runs: {gone[0]}{more}; `git fetch --tags` gets it"]


def _listed(
    manifest: Manifest, versions: tuple[Version, ...], running: tuple[RunsIn, ...]
) -> ListedEntry:
    content = manifest.content
    return ListedEntry(
        name=content.name,
        kind=content.kind,
        lifecycle=content.lifecycle,
        risk=content.risk,
        owner=content.owner,
        description=content.description,
        labels=dict(content.labels),
        path=manifest.path,
        latest=latest(versions),
        environments=running,
    )


def _fits(entry: ListedEntry, wanted: Wanted) -> bool:
    asked = (
        (wanted.kind, entry.kind),
        (wanted.owner, entry.owner),
        (wanted.lifecycle, entry.lifecycle),
        *((value, entry.labels.get(key)) for key, value in wanted.labels),
    )
    there = {one.environment for one in entry.environments}
    return all(not want or want == has for want, has in asked) and (
        not wanted.environment or wanted.environment in there
    )
