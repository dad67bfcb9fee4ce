"""`diff --env`: what differs between what runs in two environments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from promptreg.commands.diff import compare_resolved
from promptreg.commands.rendered_tests import with_each_rendered
from promptreg.errors import PromptregError, RefusedError, SelectorError, UsageError
from promptreg.model.environment import Environment, Pin
from promptreg.model.names import did_you_mean
from promptreg.registry.configuration import read_configuration
from promptreg.registry.snapshot import Loaded, Snapshot
from promptreg.registry.workspace import Workspace
from promptreg.releases.comparing import only_in
from promptreg.releases.comparison import Comparison, EntryComparison, Point, Side, Status
from promptreg.releases.environments import environment_at, environments_line
from promptreg.releases.ledger import Ledger, find_release
from promptreg.releases.resolve import Resolved, load_release
from promptreg.store.git.tree_reader import TreeReader

_Pair: TypeAlias = tuple[Resolved | None, Resolved | None]


def diff_environments(
    workspace: Workspace,
    base: str,
    head: str,
    names: Sequence[str] = (),
    *,
    rendered: bool = False,
) -> Comparison:
    """Every entry that runs in another release, or in one of the two only; or those of `names`.

    Both are read at the same commit of the environments' branch. A release that can't be read is a
    note and doesn't hide the others. Raises SelectorError for an environment or a name that isn't
    known, RefusedError for a broken environment file.
    """
    if base == head:
        raise UsageError(
            f"`{base}` is the same on both sides",
            hint="name the older environment first: `promptreg diff --env production staging`",
        )
    configuration = read_configuration(workspace.working_tree())
    commit = environments_line(workspace, configuration).commit
    old, new = (environment_at(workspace, configuration, one, commit) for one in (base, head))
    _require_known(names, old, new)
    shared = Ledger(workspace.git), TreeReader.of(workspace.git)
    pairs: dict[str, _Pair] = {}
    notes: list[str] = []
    for name in sorted(names or {*old.releases, *new.releases}):
        before, after = old.releases.get(name), new.releases.get(name)
        if before == after:
            continue
        try:
            pairs[name] = (
                _load(workspace, name, before, *shared),
                _load(workspace, name, after, *shared),
            )
        except PromptregError as problem:
            notes.append(f"`{name}` can't be compared: {problem.what}")
    entries: list[EntryComparison] = []
    for pair in pairs.values():
        entry, more = _compared(workspace, *pair)
        entries.append(entry)
        notes += more
    label = f"commit {commit[:12]}"
    points = (Point(base, label, commit), Point(head, label, commit))
    comparison = Comparison(*points, tuple(entries), notes=tuple(notes))
    return with_each_rendered(comparison, _snapshots(pairs)) if rendered else comparison


def _load(
    workspace: Workspace, name: str, pin: Pin | None, ledger: Ledger, trees: TreeReader
) -> Resolved | None:
    if pin is None:
        return None
    release = find_release(workspace.git, name, pin.version, ledger)
    if release.digest != pin.digest:
        raise RefusedError(f"its environment and the tag of {pin.version} disagree")
    return load_release(workspace, release, trees)


def _compared(
    workspace: Workspace, old: Resolved | None, new: Resolved | None
) -> tuple[EntryComparison, tuple[str, ...]]:
    if old is not None and new is not None:
        found, notes = compare_resolved(workspace, old, new)
        return found or _same_content(old, new), notes
    only, side = (new, Side.HEAD) if new else (old, Side.BASE)
    if only is None or only.release is None:
        raise TypeError("a release on neither side can't be compared")
    alone = only_in(side, only.entry, Loaded(only.snapshot, ()), frozenset(only.entry.paths))
    if new:
        return replace(alone, version=only.release.version), ()
    return replace(alone, before_version=only.release.version), ()


def _same_content(old: Resolved, new: Resolved) -> EntryComparison:
    """Two releases of the same content: still not the same release."""
    return EntryComparison(
        name=new.entry.name,
        kind=new.entry.kind.lower(),
        status=Status.UNCHANGED_CONTENT,
        path=new.entry.path,
        before_name="",
        before_path="",
        changes=(),
        before_version=old.release.version if old.release else None,
        version=new.release.version if new.release else None,
    )


def _snapshots(
    pairs: Mapping[str, _Pair],
) -> dict[str, tuple[Snapshot | None, Snapshot | None]]:
    return {
        name: (old.snapshot if old else None, new.snapshot if new else None)
        for name, (old, new) in pairs.items()
    }


def _require_known(names: Sequence[str], old: Environment, new: Environment) -> None:
    known = {*old.releases, *new.releases}
    for name in names:
        if name not in known:
            raise SelectorError(
                f"`{name}` runs neither in `{old.name}` nor in `{new.name}`",
                hint=did_you_mean(name, known) or "`promptreg status` shows what runs where",
            )
