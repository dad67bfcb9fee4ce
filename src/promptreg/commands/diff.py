"""`diff`: what differs between two versions of an entry, or of the whole registry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from promptreg.commands.rendered_tests import with_rendered
from promptreg.errors import PromptregError, SelectorError, UsageError
from promptreg.model.change import Change
from promptreg.model.digest import unix_lines
from promptreg.model.names import did_you_mean
from promptreg.model.selector import Selector, WorkingTree, parse_selector
from promptreg.model.version import Version
from promptreg.registry.changed_files import changed_files, left_out, own_files
from promptreg.registry.load import load
from promptreg.registry.snapshot import Loaded, Snapshot
from promptreg.registry.workspace import Workspace
from promptreg.releases.comparing import Sides, compare_entries, compare_registries, incomplete
from promptreg.releases.comparison import Comparison, EntryComparison, Point
from promptreg.releases.other_files import named_files, other_files
from promptreg.releases.pins import pin_changes, resolve_pins
from promptreg.releases.resolve import Resolved, resolve
from promptreg.releases.tag import Pin
from promptreg.store.git.revisions import resolve_commit
from promptreg.store.git.worktree import require_first_commit
from promptreg.store.trees import RevisionTree, Tree


def diff(workspace: Workspace, base: str, head: str = "", *, rendered: bool = False) -> Comparison:
    """Two versions of an entry; `head` is the working tree's where it isn't given.

    Raises SelectorError where a side doesn't exist or can't be loaded.
    """
    older = parse_selector(base)
    newer = parse_selector(head) if head else Selector(older.name)
    if older == newer:
        raise UsageError(
            f"`{older}` is the same on both sides",
            hint=f"`promptreg diff {older.name}@git:HEAD` shows what isn't committed, "
            f"`promptreg diff {older.name}@latest` what isn't released",
        )
    old = resolve(workspace, older)
    new = resolve(workspace, newer) if head else _newer(workspace, older)
    found, notes = compare_resolved(workspace, old, new)
    comparison = Comparison(_point(old), _point(new), (found,) if found else (), notes=notes)
    return with_rendered(comparison, old.snapshot, new.snapshot) if rendered else comparison


def compare_resolved(
    workspace: Workspace, old: Resolved, new: Resolved
) -> tuple[EntryComparison | None, tuple[str, ...]]:
    """What differs between two versions, None where nothing does; and what can't be compared."""
    more, notes = _pins(workspace, old, new)
    sides = ((old.entry, Loaded(old.snapshot, ())), (new.entry, Loaded(new.snapshot, ())))
    found = compare_entries(*sides, _changed_texts(old, new), more) or incomplete(*sides)
    if found is None:
        return None, notes
    return replace(found, before_version=_version(old), version=_version(new)), notes


def diff_registry(
    workspace: Workspace,
    base: str,
    names: Sequence[str] = (),
    *,
    head: str = "",
    rendered: bool = False,
) -> Comparison:
    """The registry at the revision `base` against the one at `head`, or against the working tree.

    Only the entries `names` where given; else also the changed files that belong to no entry.
    Raises SelectorError for a name that neither side has.
    """
    for name in names:
        if not isinstance(parse_selector(name).point, WorkingTree):
            raise UsageError(
                f"`{name}` names a version", hint="with --base only the names of entries are given"
            )
    git = workspace.git
    require_first_commit(git)
    older = RevisionTree(git, resolve_commit(git, base), workspace.prefix)
    commit = resolve_commit(git, head) if head else ""
    newer = workspace.revision(commit) if head else workspace.working_tree()
    old, new = load(older), load(newer)
    sides = Sides(old, new, _changed_files(workspace, older, newer, (old.snapshot, new.snapshot)))
    entries = compare_registries(sides)
    _require_known(names, sides, entries)
    wanted = tuple(one for one in entries if not names or _is_named(one, names))
    comparison = Comparison(
        base=Point(base, older.label, older.commit),
        head=Point(head, newer.label, commit),
        entries=wanted,
        other_files=() if names else other_files(sides, entries),
        notes=() if head else _sparse(workspace, newer),
    )
    return with_rendered(comparison, old.snapshot, new.snapshot) if rendered else comparison


def _sparse(workspace: Workspace, tree: Tree) -> tuple[str, ...]:
    missing = left_out(workspace, tree)
    if not missing:
        return ()
    return (
        f"this checkout is sparse: {len(missing)} files that it leaves out are missing from the "
        "working tree; `--head HEAD` compares what is committed",
    )


def _newer(workspace: Workspace, older: Selector) -> Resolved:
    """The working tree's entry of the same name; the error names the one that it became."""
    try:
        return resolve(workspace, Selector(older.name))
    except SelectorError as problem:
        heirs = [
            entry.name
            for entry in load(workspace.working_tree()).snapshot.entries.values()
            if entry.manifest.renamed_from == older.name
        ]
        if not heirs:
            raise
        hint = f"it was renamed: `promptreg diff {older} {heirs[0]}`"
        raise SelectorError(problem.what, where=problem.where, hint=hint) from None


def _changed_files(
    workspace: Workspace, base: RevisionTree, head: Tree, snapshots: tuple[Snapshot, Snapshot]
) -> frozenset[str]:
    made_of = {
        path
        for snapshot in snapshots
        for entry in snapshot.entries.values()
        for path in entry.paths
    }
    made_of |= {path for snapshot in snapshots for path in named_files(snapshot)}
    files = snapshots[0].files | snapshots[1].files
    configurations = (snapshot.configuration for snapshot in snapshots)
    return changed_files(workspace, base, head, own_files(files, configurations) | made_of)


def _require_known(names: Sequence[str], sides: Sides, found: Sequence[EntryComparison]) -> None:
    known = {*sides.base.snapshot.entries, *sides.head.snapshot.entries}
    known |= {*sides.base.snapshot.expected_names.values()}
    known |= {*sides.head.snapshot.expected_names.values(), *(one.name for one in found)}
    for name in names:
        if name not in known:
            raise SelectorError(
                f"there is no prompt or agent `{name}`, neither before nor now",
                hint=did_you_mean(name, known) or "`promptreg list` shows what there is",
            )


def _is_named(entry: EntryComparison, names: Sequence[str]) -> bool:
    return entry.name in names or entry.before_name in names


def _changed_texts(old: Resolved, new: Resolved) -> frozenset[str]:
    """Paths whose text differs; CRLF of a checkout where the base has LF is no difference."""
    before, after = old.snapshot.texts, new.snapshot.texts
    return frozenset(
        path
        for path in {*old.entry.paths, *new.entry.paths}
        if before.get(path) != after.get(path)
        and (new.commit or path not in after or before.get(path) != unix_lines(after[path]))
    )


def _point(resolved: Resolved) -> Point:
    label = f"commit {resolved.commit[:12]}" if resolved.commit else "working tree"
    return Point(str(resolved.selector), label, resolved.commit, _version(resolved))


def _version(resolved: Resolved) -> Version | None:
    return resolved.release.version if resolved.release else None


def _pins(
    workspace: Workspace, old: Resolved, new: Resolved
) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """Facts about what an agent's selectors lead to, where both sides can tell."""
    if old.release is None and new.release is None:
        return (), ()  # both lead to what there is now
    try:
        before, after = _pinned(workspace, old), _pinned(workspace, new)
    except PromptregError as problem:
        return (), (f"what its selectors lead to can't be compared: {problem.what}",)
    return pin_changes(new.entry.name, before, after), ()


def _pinned(workspace: Workspace, resolved: Resolved) -> tuple[Pin, ...]:
    if resolved.release is not None:
        return resolved.release.pins
    return resolve_pins(workspace, resolved.entry, resolved.snapshot.entries, {})
