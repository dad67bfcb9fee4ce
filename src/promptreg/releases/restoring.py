"""Planning the return of an entry's files to an earlier release."""

from __future__ import annotations

from promptreg.errors import RefusedError
from promptreg.registry.load import load, load_entry
from promptreg.registry.workspace import Workspace
from promptreg.releases.environment_writing import commit_message
from promptreg.releases.plan import CommitFiles, EditFiles, FileEdit, Plan
from promptreg.releases.resolve import Resolved
from promptreg.store.git.repository import head
from promptreg.store.overlaid import OverlaidTree
from promptreg.store.trees import Tree

_LIMIT = 32 * 1024 * 1024


def plan_restoring(workspace: Workspace, resolved: Resolved, reason: str, *, commit: bool) -> Plan:
    """The plan that brings back the very bytes of a release, to be released anew.

    A template that other entries share is restored too; the plan's notes name them. Raises
    RefusedError where the files are as they were, or HEAD is detached.
    """
    release, entry = resolved.release, resolved.entry
    if release is None:
        raise RefusedError("only a release can be restored")
    now = head(workspace.git)
    if not now.branch:
        raise RefusedError(
            "HEAD is detached, so there is no branch to restore the files on",
            hint="`git switch BRANCH` goes to one",
        )
    old, new = workspace.revision(release.commit), workspace.revision(now.commit)
    current = load_entry(new, entry.name).snapshot.entries.get(entry.name)
    before = dict(new.read_many(entry.paths, limit=_LIMIT))
    edits = [
        FileEdit(workspace.prefix + path, content, f"{path}: as in {release.version}")
        for path, content in old.read_many(entry.paths, limit=_LIMIT)
        if isinstance(content, bytes) and content != before[path]
    ]
    if current is not None and current.path != entry.path:
        summary = f"{current.path}: removed, {release.version} has `{entry.path}`"
        edits.append(FileEdit(workspace.prefix + current.path, None, summary))
    _require_same(workspace, new, resolved, edits)
    if not edits:
        raise RefusedError(
            f"the files of `{entry.name}` are as in {release.version} already",
            hint=f"`promptreg log {entry.name}` lists its releases",
        )
    title = f"restore {entry.name} {release.version}"
    notes = (*_shared(workspace, now.commit, entry.name, edits), *_next(entry.name))
    if not commit:
        return Plan(title, (EditFiles(tuple(edits)),), notes)
    trailer = f"Promptreg-Restores: {release.tag}"
    message = commit_message(f"Restore {entry.name} {release.version}", (trailer,), reason)
    return Plan(title, (CommitFiles(now.branch, now.commit, tuple(edits), message),), notes)


def _require_same(
    workspace: Workspace, now: Tree, resolved: Resolved, edits: list[FileEdit]
) -> None:
    """Refuse where the restored files would be another prompt among today's other files."""
    changes = {edit.path.removeprefix(workspace.prefix): edit.content for edit in edits}
    wanted = resolved.entry
    loaded = load_entry(OverlaidTree(now, changes), wanted.name)
    found = loaded.snapshot.entries.get(wanted.name)
    if found is not None and found.digest() == wanted.digest():
        return
    others = sorted(set(found.templates) - set(wanted.templates)) if found else []
    raise RefusedError(
        f"with its old files `{wanted.name}` would not be what it was",
        where=", ".join(others) or wanted.path,
        hint="other files, or `templates:` in promptreg.yaml, changed what its templates mean; "
        "restore it by hand",
    )


def _shared(workspace: Workspace, commit: str, name: str, edits: list[FileEdit]) -> tuple[str, ...]:
    edited = {edit.path.removeprefix(workspace.prefix) for edit in edits}
    users = [
        other.name
        for other in load(workspace.revision(commit)).snapshot.entries.values()
        if other.name != name and edited & set(other.templates)
    ]
    return (f"shared templates change these too: {', '.join(users)}",) if users else ()


def _next(name: str) -> tuple[str, ...]:
    return (f"`promptreg release {name}` releases it under a higher version",)
