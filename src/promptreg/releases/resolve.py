"""Selectors to entries. Nothing ever falls back silently."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NoReturn

from promptreg.errors import RefusedError, SelectorError
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding
from promptreg.model.names import did_you_mean
from promptreg.model.selector import (
    AtRevision,
    InEnvironment,
    Latest,
    Selector,
    WorkingTree,
)
from promptreg.model.version import Range, Version
from promptreg.registry.configuration import read_configuration
from promptreg.registry.facts import Facts
from promptreg.registry.load import load_entry
from promptreg.registry.snapshot import Loaded, Snapshot
from promptreg.registry.workspace import Workspace
from promptreg.releases.ledger import (
    FETCH,
    FETCH_TAGS,
    Ledger,
    find_release,
    trusted,
    unknown_release,
)
from promptreg.releases.meaning import may_mean
from promptreg.releases.tag import Release
from promptreg.store.git.revisions import resolve_commit
from promptreg.store.git.tree_reader import TreeReader
from promptreg.store.trees import RevisionTree, Tree


@dataclass(frozen=True, slots=True)
class Resolved:
    """The entry that a selector names, and where it was found."""

    selector: Selector
    entry: Entry
    snapshot: Snapshot
    """What was loaded to get it; not the whole registry."""
    commit: str
    """Empty for the working tree."""
    release: Release | None
    confirmed: bool
    """Whether a digest outside its tag (an environment's) vouches for it."""


def resolve(workspace: Workspace, selector: Selector, files: Tree | None = None) -> Resolved:
    """The entry that `selector` names.

    Whoever looks at the working tree, too, gives the `files` that are shared.
    Raises SelectorError for what doesn't exist, naming the nearest, and RefusedError for a release
    whose files aren't what it promised.
    """
    point = selector.point
    if isinstance(point, WorkingTree):
        return _from_tree(files or workspace.working_tree(), selector, "")
    if isinstance(point, AtRevision):
        commit = resolve_commit(workspace.git, point.revision)
        return _from_tree(workspace.revision(commit), selector, commit)
    release = resolve_release(workspace, selector)
    resolved = load_release(workspace, release)
    return replace(resolved, selector=selector, confirmed=isinstance(point, InEnvironment))


def resolve_release(
    workspace: Workspace, selector: Selector, ledger: Ledger | None = None
) -> Release:
    """The release that a selector of one names; the working tree and revisions have none.

    Whoever resolves many gives the `ledger` that they share.
    """
    point, ledger = selector.point, ledger or Ledger(workspace.git)
    if isinstance(point, Version):
        return find_release(workspace.git, selector.name, point, ledger)
    if isinstance(point, InEnvironment):
        return _in_environment(workspace, selector.name, point.environment)
    if isinstance(point, (Latest, Range)):
        return _highest(ledger, selector.name, point)
    raise SelectorError(
        f"`{selector}` names no release",
        hint=f"write `{selector.name}@VERSION`; `promptreg log {selector.name}` lists them",
    )


def load_release(
    workspace: Workspace,
    release: Release,
    trees: TreeReader | None = None,
    facts: Facts | None = None,
) -> Resolved:
    """The entry of a release, its digest recomputed. Raises RefusedError where it differs.

    Whoever loads many gives the `trees` that they share, and `facts` that may know what texts say.
    """
    selector = Selector(release.name, release.version)
    trees = trees or TreeReader.of(workspace.git)
    tree = RevisionTree(workspace.git, release.commit, workspace.prefix, trees)
    loaded = load_entry(tree, release.name, released=True, facts=facts)
    resolved = _resolved(loaded, tree, selector, release.commit)
    found = resolved.entry.digest()
    if found != release.digest:
        raise RefusedError(
            f"the release `{release.name}` {release.version} isn't what its tag promises",
            where=f"tag `{release.tag}`, commit {release.commit[:12]}",
            hint=f"the tag says {release.digest}, the files are {found}; it is not served",
        )
    return replace(resolved, release=release)


def entry_of(loaded: Loaded, name: str, label: str) -> Entry:
    """The entry `name` of a load, or the error that says why there is none."""
    entry = loaded.snapshot.entries.get(name)
    return entry if entry is not None else _refuse(loaded, name, label)


def _from_tree(tree: Tree, selector: Selector, commit: str) -> Resolved:
    return _resolved(load_entry(tree, selector.name), tree, selector, commit)


def _resolved(loaded: Loaded, tree: Tree, selector: Selector, commit: str) -> Resolved:
    entry = entry_of(loaded, selector.name, tree.label)
    return Resolved(selector, entry, loaded.snapshot, commit, None, confirmed=False)


def _refuse(loaded: Loaded, name: str, label: str) -> NoReturn:
    snapshot = loaded.snapshot
    if name in snapshot.duplicates:
        paths = " and ".join(f"`{path}`" for path in snapshot.duplicates[name])
        raise SelectorError(f"two manifests are named `{name}`", where=paths, hint="rename one")
    path = next((path for path, said in snapshot.expected_names.items() if said == name), "")
    from promptreg.registry.locate import located  # noqa: PLC0415 - only for an error

    found = [one for one in located(loaded.findings, snapshot.texts) if one.at.path == path]
    if path and found:
        raise SelectorError(
            f"`{name}` can't be loaded: {found[0].message}",
            where=_where(found[0]),
            hint="`promptreg validate` shows all that is wrong",
        )
    near = did_you_mean(name, snapshot.entries)
    raise SelectorError(
        f"there is no prompt or agent `{name}`",
        where=label,
        hint=near or "`promptreg list` shows what there is",
    )


def _where(finding: Finding) -> str:
    place = finding.at.place
    return f"{finding.at.path}:{place.line}:{place.column}" if place else finding.at.path


def _in_environment(workspace: Workspace, name: str, environment: str) -> Release:
    # On use: most selectors name none, and these load what reads their history.
    from promptreg.releases.environments import read_environment  # noqa: PLC0415

    configuration = read_configuration(workspace.working_tree())
    stage = read_environment(workspace, configuration, environment)
    pins = stage.releases
    if name in stage.suspended:
        out = stage.suspended[name]
        raise SelectorError(
            f"`{name}` is suspended in `{environment}`: {out.reason}",
            where=f"environment `{environment}`",
            hint=f"`promptreg rollback {name} --env {environment}` puts {out.pin.version} back, "
            f"`promptreg promote {name}@VERSION --env {environment}` another one",
        )
    if name not in pins:
        raise SelectorError(
            f"`{name}` doesn't run in `{environment}`",
            where=f"environment `{environment}`",
            hint=did_you_mean(name, pins)
            or f"`promptreg promote {name}@VERSION --env {environment}` puts it there",
        )
    pin = pins[name]
    try:
        release = find_release(workspace.git, name, pin.version)
    except SelectorError:
        raise SelectorError(
            f"`{environment}` runs `{name}` {pin.version}, which has no tag here",
            where=f"environment `{environment}`",
            hint=f"fetch the tags: `{FETCH if workspace.git.shallow else FETCH_TAGS}`",
        ) from None
    if release.digest != pin.digest:
        raise RefusedError(
            f"`{environment}` and the tag of `{name}` {pin.version} disagree",
            where=f"environment `{environment}`, tag `{release.tag}`",
            hint=f"the environment says {pin.digest}, the tag {release.digest}; it is not served",
        )
    return release


def _highest(ledger: Ledger, name: str, point: Latest | Range) -> Release:
    releases = ledger.releases_of(name)
    fitting = [release for release in releases if may_mean(point, release.version)]
    if not fitting:
        said = f"that fits `{point}`" if isinstance(point, Range) else "that is no pre-release"
        raise unknown_release(ledger.repo, name, said, releases)
    return trusted(fitting[-1])
