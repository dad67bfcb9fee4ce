"""Which of a registry's files differ between two trees. Contents decide, never flags or dates."""

from __future__ import annotations

from collections.abc import Iterable

from promptreg.model.configuration import FILE, Configuration
from promptreg.registry.workspace import Workspace
from promptreg.store.files import FileProblem
from promptreg.store.git.changes import changed_paths
from promptreg.store.git.ids import object_id
from promptreg.store.git.listing import REGULAR_MODES, TreeEntry, tracked_files
from promptreg.store.git.repository import head
from promptreg.store.git.worktree import dirty_paths
from promptreg.store.trees import RevisionTree, Tree

_LIMIT = 32 * 1024 * 1024
_TEMPLATES = (".j2", ".jinja", ".jinja2")


def own_files(paths: Iterable[str], configurations: Iterable[Configuration]) -> frozenset[str]:
    """Those of `paths` that are the registry's own: below a folder of one of the configurations,
    templates anywhere, and `promptreg.yaml`.
    """
    folders = {
        folder + "/"
        for configuration in configurations
        for folder in (*configuration.roots, *configuration.template_roots)
        if folder not in {"", "."}
    }
    mine = (*folders,)
    return frozenset(
        path for path in paths if path == FILE or path.startswith(mine) or path.endswith(_TEMPLATES)
    )


def changed_files(
    workspace: Workspace, base: RevisionTree, other: Tree, paths: Iterable[str]
) -> frozenset[str]:
    """Those of `paths` that a commit holds otherwise than `other`, added and removed ones included.

    `other` is a commit too, or the working tree. There, CRLF where the commit has LF is no
    difference: checkouts may have it. A file that can't be read differs, unless git can tell that
    it doesn't.
    """
    wanted = sorted(set(paths))
    if isinstance(other, RevisionTree):
        return frozenset(
            path
            for path in wanted
            if _content(base.entries.get(path)) != _content(other.entries.get(path))
        )
    present = set(other.paths())
    changed = {path for path in wanted if (path in present) != (path in base.entries)}
    unread = set()
    both = [path for path in wanted if path in present and path in base.entries]
    for path, data in other.read_many(both, limit=_LIMIT):
        if isinstance(data, FileProblem):
            unread.add(path)
        elif not _is_blob(workspace, base.entries[path], data):
            changed.add(path)
    return frozenset(changed | _changed_for_git(workspace, base, unread))


def left_out(workspace: Workspace, tree: Tree) -> tuple[str, ...]:
    """The registry's tracked files that a sparse checkout left out of the working tree `tree`."""
    present = set(tree.paths())
    prefix = workspace.prefix
    return tuple(
        entry.path[len(prefix) :]
        for entry in tracked_files(workspace.git, prefix)
        if entry.absent_on_purpose and entry.path[len(prefix) :] not in present
    )


def _content(entry: TreeEntry | None) -> tuple[str, str] | None:
    if entry is None:
        return None
    return ("file" if entry.mode in REGULAR_MODES else entry.mode, entry.oid)


def _is_blob(workspace: Workspace, entry: TreeEntry, data: bytes) -> bool:
    if entry.mode not in REGULAR_MODES:
        return False
    return object_id("blob", data, workspace.git.object_format) == entry.oid or (
        b"\r\n" in data
        and object_id("blob", data.replace(b"\r\n", b"\n"), workspace.git.object_format)
        == entry.oid
    )


def _changed_for_git(workspace: Workspace, base: RevisionTree, paths: set[str]) -> set[str]:
    """Those of `paths`, links and the like, that git finds changed since the commit `base`."""
    if not paths:
        return set()
    repo, prefix = workspace.git, workspace.prefix
    whole = sorted(prefix + path for path in paths)
    known = set(changed_paths(repo, base.commit, head(repo).commit, prefix))
    known |= set(dirty_paths(repo, prefix, paths=whole))
    return {path for path in paths if prefix + path in known}
