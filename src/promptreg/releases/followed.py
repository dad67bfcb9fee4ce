"""An entry followed through history, whatever name and place it had."""

from __future__ import annotations

from dataclasses import dataclass, field

from promptreg.errors import GitError, SelectorError, UsageError
from promptreg.model.entry import Entry
from promptreg.model.selector import AtRevision, Selector, WorkingTree, parse_selector
from promptreg.registry.load import load_entry
from promptreg.registry.snapshot import Snapshot
from promptreg.registry.workspace import Workspace
from promptreg.releases.comparison import Point
from promptreg.releases.resolve import entry_of, resolve_release
from promptreg.store.git.changes import changed_paths_and_renames
from promptreg.store.git.revisions import is_ancestor, merge_base, resolve_commit


@dataclass(frozen=True, slots=True)
class Held:
    """The entry as a commit holds it, and the snapshot that it was found in."""

    commit: str
    entry: Entry
    snapshot: Snapshot


@dataclass(slots=True)
class Followed:
    """An entry by the names and manifests that are known of it; every look may add some."""

    workspace: Workspace
    names: list[str]
    paths: set[str] = field(default_factory=set)

    def at(self, commit: str) -> Held:
        """The entry as `commit` holds it. Raises SelectorError or RegistryError where it doesn't."""
        tree = self.workspace.revision(commit)
        loaded = load_entry(tree, self.names[0])
        entries = loaded.snapshot.entries
        by_path = {entry.path: name for name, entry in entries.items() if entry.path in self.paths}
        name = next((name for name in (*self.names, *by_path.values()) if name in entries), "")
        entry = entry_of(loaded, name or self.names[0], tree.label)
        self._learn(entry.name)
        self._learn(entry.manifest.renamed_from)
        return Held(commit, entry, loaded.snapshot)

    def _learn(self, name: str) -> None:
        if name and name not in self.names:
            self.names.append(name)


@dataclass(frozen=True, slots=True)
class Ends:
    """Two versions of an entry, the one an ancestor of the other."""

    good: Point
    bad: Point
    old: Held
    new: Held
    followed: Followed


def ends_of(workspace: Workspace, name: str, good: str, bad: str) -> Ends:
    """The entry at two points, each a version, an environment, `git:REV` or a whole selector.

    Raises SelectorError for what doesn't exist, UsageError where the good one doesn't come before
    the bad one.
    """
    newer, new_name = _point(workspace, name, bad)
    older, old_name = _point(workspace, name, good)
    _check_order(workspace, older, newer)
    followed = Followed(workspace, list(dict.fromkeys([new_name, old_name])))
    new = followed.at(newer.commit)
    try:
        old = followed.at(older.commit)
    except SelectorError:
        # Perhaps its manifest was renamed and nothing says so.
        followed.paths |= _old_paths(workspace, older.commit, new)
        old = followed.at(older.commit)
    return Ends(older, newer, old, new, followed)


def _point(workspace: Workspace, name: str, text: str) -> tuple[Point, str]:
    """What a person means by a version, and the name that the entry goes by there."""
    selector = parse_selector(text if "@" in text else f"{name}@{text}")
    if isinstance(selector.point, AtRevision):
        commit = resolve_commit(workspace.git, selector.point.revision)
        return Point(text, f"commit {commit[:12]}", commit), selector.name
    if selector.point == WorkingTree():
        raise UsageError(f"`{text}` names no commit", hint=f"`{name}@git:HEAD` is the newest")
    release = resolve_release(workspace, Selector(selector.name, selector.point))
    label = f"{release.version}, commit {release.commit[:12]}"
    return Point(text, label, release.commit, release.version), selector.name


def _check_order(workspace: Workspace, good: Point, bad: Point) -> None:
    git = workspace.git
    if good.commit == bad.commit:
        raise UsageError(f"good and bad are the same commit, {good.commit[:12]}")
    if is_ancestor(git, good.commit, bad.commit):
        return
    if is_ancestor(git, bad.commit, good.commit):
        raise UsageError(
            f"bad ({bad.label}) comes before good ({good.label})",
            hint="to find what mended it, swap the two and let the command judge the other way",
        )
    base = merge_base(git, good.commit, bad.commit)
    if base is None:
        raise GitError("good and bad share no history", where=f"{good.label} and {bad.label}")
    raise UsageError(
        f"good ({good.label}) isn't in the history of bad ({bad.label})",
        hint=f"`--good git:{base[:12]}` is where they parted",
    )


def _old_paths(workspace: Workspace, commit: str, new: Held) -> set[str]:
    prefix = workspace.prefix
    changed = changed_paths_and_renames(workspace.git, commit, new.commit, prefix)
    return {
        one.old.removeprefix(prefix)
        for one in changed
        if one.status == "R" and one.new == prefix + new.entry.path
    }
