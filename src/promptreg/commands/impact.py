"""`impact`: everything that a change to a file or an entry would reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NoReturn

from promptreg.errors import SelectorError, UsageError
from promptreg.model.configuration import FILE
from promptreg.model.names import did_you_mean
from promptreg.registry.discover import classify, discover
from promptreg.registry.includers import includers
from promptreg.registry.load import load
from promptreg.registry.snapshot import Loaded, Snapshot
from promptreg.registry.texts import ENDINGS
from promptreg.registry.users import users_in
from promptreg.registry.workspace import Workspace
from promptreg.releases.deployed import deployed
from promptreg.releases.impact import Impact, OwnerReached, Reach
from promptreg.releases.reaching import MOST_LEVELS, Key, Links, walk
from promptreg.releases.resolve import entry_of

_MOST_BROKEN = 3


def impact(workspace: Workspace, asked: str) -> Impact:
    """What a change to `asked` would reach: an entry's name, or a path below the registry's root.

    Read from the working tree; environments as committed. Who only hands off to an entry, is
    replaced by it or mentions a file is named, but not followed further. Raises SelectorError for
    what doesn't exist, naming the nearest.
    """
    loaded = load(workspace.working_tree())
    snapshot = loaded.snapshot
    start = _start(loaded, asked)
    running, unread = deployed(workspace, snapshot.configuration)
    links = Links(snapshot, includers(snapshot), users_in(snapshot.documents.values()), running)
    walked = walk(links, start)
    subject = walked.reach(start)
    notes = [*unread, *_broken(snapshot), *_own_file(snapshot, start)]
    if walked.is_cut:
        notes.append(f"the tree goes deeper than {MOST_LEVELS} levels; the rest is left out")
    return Impact(
        tree=snapshot.label,
        subject=subject,
        counts=_counts(subject),
        owners=_owners(snapshot, subject),
        notes=tuple(notes),
    )


def _start(loaded: Loaded, asked: str) -> Key:
    snapshot = loaded.snapshot
    if entry := snapshot.entries.get(asked):
        return entry.kind.lower(), entry.name
    if asked not in snapshot.files or asked in snapshot.duplicates:
        _refuse(loaded, asked)
    if asked in snapshot.expected_names:
        document = snapshot.documents.get(asked)
        name = str(document.data["name"]) if document else snapshot.expected_names[asked]
        entry = entry_of(loaded, name, snapshot.label)
        return entry.kind.lower(), entry.name
    document = snapshot.documents.get(asked)
    if document is not None and document.kind == "Experiment":
        return "experiment", str(document.data["name"])
    reached = any(asked in entry.templates for entry in snapshot.entries.values())
    return ("template" if reached or asked.endswith(ENDINGS) else "file"), asked


def _refuse(loaded: Loaded, asked: str) -> NoReturn:
    snapshot = loaded.snapshot
    name, at, _ = asked.partition("@")
    if at and name in snapshot.entries:
        raise UsageError(
            f"`{asked}` names a version, and a change comes after all of them",
            hint=f"`promptreg impact {name}`",
        )
    known = (*snapshot.entries, *snapshot.files)
    if near := did_you_mean(asked, known):
        raise SelectorError(f"there is no file or entry `{asked}`", where=snapshot.label, hint=near)
    if asked in snapshot.duplicates or asked in snapshot.expected_names.values():
        entry_of(loaded, asked, snapshot.label)  # which says what is wrong with it
    raise SelectorError(
        f"there is no file or entry `{asked}`",
        where=snapshot.label,
        hint="`promptreg list` shows the entries; a path is relative to the registry's root",
    )


def _broken(snapshot: Snapshot) -> Iterator[str]:
    """What can't be looked into."""
    roots = snapshot.configuration.roots
    broken = {path for paths in snapshot.duplicates.values() for path in paths}
    broken |= {
        one.path
        for one in discover(snapshot.files, roots)
        if one.kind in {"Prompt", "Agent", "Experiment"} and one.path not in snapshot.documents
    }
    if broken:
        shown = ", ".join(f"`{path}`" for path in sorted(broken)[:_MOST_BROKEN])
        more = f" and {len(broken) - _MOST_BROKEN} more" if len(broken) > _MOST_BROKEN else ""
        yield f"what these use isn't known, since they can't be loaded: {shown}{more}"


def _own_file(snapshot: Snapshot, start: Key) -> Iterator[str]:
    kind, path = start
    if kind != "file":
        return
    if path == FILE:
        yield f"`{FILE}` configures the whole registry; `promptreg check` tells what a change brings"
    elif found := classify(path, snapshot.configuration.roots):
        yield f"`{path}` is the registry's own ({found.kind}) and part of no entry"


def _counts(subject: Reach) -> dict[str, int]:
    found = {(one.kind, one.name) for one in _below(subject)}
    kinds = ("template", "prompt", "agent", "experiment", "environment")
    counts = {kind: sum(1 for has, _ in found if has == kind) for kind in kinds}
    return {kind: count for kind, count in counts.items() if count}


def _owners(snapshot: Snapshot, subject: Reach) -> tuple[OwnerReached, ...]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for one in (subject, *_below(subject)):
        if one.owner:
            found[one.owner].add(one.name)
    owners = snapshot.configuration.owners
    return tuple(
        OwnerReached(name, owners[name].contact if name in owners else "", tuple(sorted(of)))
        for name, of in sorted(found.items())
    )


def _below(reach: Reach) -> Iterator[Reach]:
    for one in reach.reaches:
        yield one
        yield from _below(one)
