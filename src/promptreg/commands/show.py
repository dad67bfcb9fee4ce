"""`show`: an entry at a point, its contract, its releases, where it runs and who uses it."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.commands.contract import contract_of
from promptreg.errors import PromptregError, RefusedError
from promptreg.model.agent import Agent
from promptreg.model.configuration import Configuration
from promptreg.model.prompt import Prompt
from promptreg.model.selector import AtRevision, WorkingTree, parse_selector
from promptreg.registry.configuration import read_configuration
from promptreg.registry.load import load_entry
from promptreg.registry.users import users_of
from promptreg.registry.workspace import Workspace
from promptreg.releases.deployed import committed_environments
from promptreg.releases.environments import moves
from promptreg.releases.ledger import FETCH, releases_of
from promptreg.releases.moment import author_of, committed_at, moment
from promptreg.releases.resolve import Resolved, entry_of, resolve, resolve_release
from promptreg.releases.tag import Release
from promptreg.reporters.shown import RunsSince, Shown, ShownPin, ShownRelease
from promptreg.store.searched import SearchedTree
from promptreg.store.trees import Tree

MOST_RELEASES = 10


def show(workspace: Workspace, text: str) -> Shown:
    """What is known about the entry that the selector `text` names.

    Releases, environments and users are those of now. Raises SelectorError for what doesn't exist,
    naming the nearest, and RefusedError for a release that isn't what it promised.
    """
    selector = parse_selector(text)
    files = SearchedTree(workspace.working_tree(), selector.name.encode())
    resolved = resolve(workspace, selector, files)
    entry, manifest = resolved.entry, resolved.entry.manifest
    configuration = resolved.snapshot.configuration
    if not isinstance(resolved.selector.point, WorkingTree):
        configuration = read_configuration(files)
    tree: Tree = files.rest()
    if isinstance(resolved.selector.point, AtRevision):
        tree = workspace.revision(resolved.commit)
    releases = releases_of(workspace.git, entry.name) if workspace.repository else ()
    environments, notes = _environments(workspace, configuration, entry.name)
    if workspace.repository and workspace.repository.shallow and not releases:
        notes = (*notes, f"this clone is shallow and has no releases: `{FETCH}` gets them")
    owner = resolved.snapshot.configuration.owners.get(manifest.owner)
    is_prompt = isinstance(manifest, Prompt)
    return Shown(
        selector=str(resolved.selector),
        name=entry.name,
        kind=entry.kind.lower(),
        path=entry.path,
        commit=resolved.commit,
        version=resolved.release.version if resolved.release else None,
        digest=entry.digest(),
        contact=owner.contact if owner else "",
        manifest=entry.data,
        contract=contract_of(manifest) if isinstance(manifest, Prompt) else None,
        templates=tuple(sorted(entry.templates)),
        tests=len(manifest.tests) if isinstance(manifest, Prompt) else 0,
        pins=() if is_prompt else tuple(_pins(workspace, files, resolved)),
        releases=tuple(_release(one) for one in releases[: -MOST_RELEASES - 1 : -1]),
        release_count=len(releases),
        environments=tuple(environments),
        used_by=users_of(tree, configuration, entry.name),
        notes=notes,
    )


def _pins(workspace: Workspace, files: Tree, resolved: Resolved) -> Iterator[ShownPin]:
    agent = resolved.entry.manifest
    if not isinstance(agent, Agent):
        return
    recorded = {pin.role: pin.version for pin in resolved.release.pins} if resolved.release else {}
    for role, reference in agent.prompts:
        found, problem = "", ""
        try:
            found = _resolved_to(workspace, files, reference.text)
        except PromptregError as error:
            problem = error.what
        yield ShownPin(role, reference.text, found, recorded.get(role, ""), problem)


def _resolved_to(workspace: Workspace, files: Tree, text: str) -> str:
    selector = parse_selector(text)
    if isinstance(selector.point, WorkingTree):
        entry_of(load_entry(files, selector.name), selector.name, files.label)
        return files.label
    if isinstance(selector.point, AtRevision):
        return f"commit {resolve(workspace, selector).commit[:12]}"
    return str(resolve_release(workspace, selector).version)


def _release(release: Release) -> ShownRelease:
    return ShownRelease(
        version=release.version,
        commit=release.commit,
        digest=release.digest,
        bump=release.bump,
        date=moment(release.time) if release.tagger else "",
        by=release.tagger,
        problem=release.problem,
    )


def _environments(
    workspace: Workspace, configuration: Configuration, name: str
) -> tuple[list[RunsSince], tuple[str, ...]]:
    """The environments that run the entry, as committed; and what couldn't be read."""
    committed = committed_environments(workspace, configuration)
    found = [
        _since(workspace, committed.commit, environment, name)
        for environment, read in committed.environments.items()
        if name in read.releases
    ]
    return found, committed.notes


def _since(workspace: Workspace, commit: str, environment: str, name: str) -> RunsSince:
    for move in moves(workspace, commit, environment):
        if move.name == name and move.after is not None:
            by = author_of(move.commit)
            return RunsSince(environment, move.after.version, committed_at(move.commit), by)
    raise RefusedError(f"`{environment}` and its history disagree about `{name}`")
