"""Planning a change of what a manifest says of itself: a commit of that file alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from promptreg.errors import RefusedError
from promptreg.model.configuration import Configuration
from promptreg.model.entry import Entry
from promptreg.model.selector import WorkingTree, parse_selector
from promptreg.registry.load import load
from promptreg.registry.manifest_edit import edited_manifest
from promptreg.registry.snapshot import Loaded, Snapshot
from promptreg.registry.workspace import Workspace
from promptreg.releases.environment_writing import commit_message
from promptreg.releases.plan import CommitFiles, EditFiles, FileEdit, Plan
from promptreg.releases.resolve import entry_of
from promptreg.store.git.worktree import require_first_commit
from promptreg.store.overlaid import OverlaidTree
from promptreg.store.trees import Tree


@dataclass(frozen=True, slots=True)
class OpenedManifest:
    """A committed entry that is going to be changed, among everything that HEAD holds."""

    branch: str
    """The checked-out one; `refs/heads/…`."""
    commit: str
    tree: Tree
    loaded: Loaded
    entry: Entry

    @property
    def snapshot(self) -> Snapshot:
        """What HEAD holds."""
        return self.loaded.snapshot

    @property
    def configuration(self) -> Configuration:
        """The committed promptreg.yaml."""
        return self.loaded.snapshot.configuration


@dataclass(frozen=True, slots=True)
class ManifestChange:
    """New values for keys of a manifest's root (None takes one out), and what people read of it."""

    values: Mapping[str, str | None]
    summary: str
    title: str
    trailers: tuple[str, ...]
    reason: str
    commit: bool
    """False leaves the edited file to the person, for a pull request."""


def open_manifest(workspace: Workspace, name: str) -> OpenedManifest:
    """The entry `name` as HEAD holds it.

    Raises SelectorError where there is none, RefusedError where HEAD is detached.
    """
    selector = parse_selector(name)
    if not isinstance(selector.point, WorkingTree):
        raise RefusedError(
            f"`{name}` names a version, and a manifest has only one state to change",
            hint=f"write `{selector.name}`",
        )
    now = require_first_commit(workspace.git)
    if not now.branch:
        raise RefusedError(
            "HEAD is detached, so there is no branch to commit the manifest to",
            hint="`git switch BRANCH` goes to one",
        )
    tree = workspace.revision(now.commit)
    loaded = load(tree)
    entry = entry_of(loaded, selector.name, tree.label)
    return OpenedManifest(now.branch, now.commit, tree, loaded, entry)


def changed_tree(opened: OpenedManifest, change: ManifestChange) -> OverlaidTree:
    """HEAD's files with the changed manifest among them.

    Raises RefusedError where it is written in a form that leaves no safe way.
    """
    return OverlaidTree(opened.tree, {opened.entry.path: _content(opened, change)})


def plan_change(
    workspace: Workspace, opened: OpenedManifest, change: ManifestChange, notes: tuple[str, ...]
) -> Plan:
    """The plan that writes the changed manifest: a commit of its own, or only the file."""
    path = workspace.prefix + opened.entry.path
    edits = (FileEdit(path, _content(opened, change), change.summary),)
    if not change.commit:
        told = "the file is changed, not committed"
        return Plan(change.title, (EditFiles(edits),), (told, *notes))
    message = commit_message(change.title, change.trailers, change.reason)
    return Plan(change.title, (CommitFiles(opened.branch, opened.commit, edits, message),), notes)


def _content(opened: OpenedManifest, change: ManifestChange) -> bytes:
    limit = opened.configuration.limits.manifest_bytes
    content = opened.tree.read(opened.entry.path, limit=limit)
    return edited_manifest(opened.entry.path, content, opened.entry.kind, change.values)
