"""Two registries, or two versions of an entry, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from promptreg.model.change import Change
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding
from promptreg.registry.snapshot import Loaded, Snapshot
from promptreg.releases.broken import broken_manifests, error_at
from promptreg.releases.comparison import EntryComparison, Fact, Problem, Side, Status
from promptreg.releases.facts import facts_of, is_unread
from promptreg.releases.renames import renames

_INCOMPLETE = ("missing-template", "limit-exceeded")
"""Rules of problems that leave a template's text out of the comparison."""


@dataclass(frozen=True, slots=True)
class Sides:
    """Two loaded trees, and the paths of all files that differ between them in any byte."""

    base: Loaded
    head: Loaded
    changed: frozenset[str]


def compare_registries(sides: Sides) -> tuple[EntryComparison, ...]:
    """Every entry that differs, by name; none where nothing in it differs.

    A manifest that makes no entry on one side is told as broken, never as added or removed.
    """
    before, after = sides.base.snapshot, sides.head.snapshot
    broken, unsure = _broken(sides)
    renamed = renames(before.entries, after.entries)
    names = (before.entries.keys() | after.entries.keys()) - set(renamed.values()) - unsure
    found = [_compared(sides, name, renamed.get(name, name)) for name in names]
    told = [*broken, *(one for one in found if one is not None)]
    return tuple(sorted(told, key=lambda one: (one.name, one.path)))


def compare_entries(
    base: tuple[Entry, Loaded],
    head: tuple[Entry, Loaded],
    changed: frozenset[str],
    more: Iterable[Change] = (),
) -> EntryComparison | None:
    """What differs between two versions of an entry, and `more` facts; None where nothing does.

    `changed` are the paths whose bytes differ. A text that one side can't read is a problem, never
    a fact.
    """
    (old, before), (new, after) = base, head
    found = facts_of(old, new, more)
    paths = dict.fromkeys((*old.paths, *new.paths))
    files = tuple(path for path in paths if path in changed)
    if not found and not files:
        return None
    was = tuple(problems_of(old, before, Side.BASE, paths))
    now = tuple(problems_of(new, after, Side.HEAD, paths))
    sides = ((old, bool(was)), (new, bool(now)))
    facts = tuple(one for one in found if not is_unread(one, *sides))
    return EntryComparison(
        name=new.name,
        kind=new.kind.lower(),
        status=_status(old, new, facts) if facts or not found else Status.BROKEN,
        path=new.path,
        before_name="" if old.name == new.name else old.name,
        before_path="" if old.path == new.path else old.path,
        changes=facts,
        files=files,
        problems=(*was, *now),
    )


def only_in(side: Side, entry: Entry, loaded: Loaded, changed: frozenset[str]) -> EntryComparison:
    """An entry that only one side has: added where it is the head, else removed."""
    is_new = side is Side.HEAD
    return EntryComparison(
        name=entry.name,
        kind=entry.kind.lower(),
        status=Status.ADDED if is_new else Status.REMOVED,
        path=entry.path,
        before_name="",
        before_path="",
        changes=facts_of(None, entry) if is_new else facts_of(entry, None),
        files=tuple(path for path in entry.paths if path in changed),
        problems=tuple(problems_of(entry, loaded, side, entry.paths)),
    )


def incomplete(base: tuple[Entry, Loaded], head: tuple[Entry, Loaded]) -> EntryComparison | None:
    """An entry in which nothing was seen to differ but not all could be read; None if all could."""
    (old, before), (new, after) = base, head
    problems = (
        *problems_of(old, before, Side.BASE, old.paths),
        *problems_of(new, after, Side.HEAD, new.paths),
    )
    if not problems:
        return None
    return EntryComparison(
        new.name, new.kind.lower(), Status.BROKEN, new.path, "", "", changes=(), problems=problems
    )


def problems_of(
    entry: Entry, loaded: Loaded, side: Side, paths: Iterable[str]
) -> Iterator[Problem]:
    """What is wrong with the entry's files among `paths`, and what keeps a text of it from being read."""
    snapshot = loaded.snapshot
    for path in paths:
        finding = error_at(loaded, path)
        if finding is not None:
            yield _problem(side, finding)
    reached = snapshot.closures.get(entry.name, {}).values()
    unresolved = snapshot.unresolved.get(entry.name, {}).values()
    problems = dict.fromkeys(
        [*unresolved, *(one for closure in reached for one in closure.problems)]
    )
    for problem in problems:
        if problem.rule in _INCOMPLETE:
            path = problem.path or entry.path
            line = problem.place.line if problem.path else 0
            yield Problem(side, path, line, problem.rule, problem.message)


def _compared(sides: Sides, name: str, old_name: str) -> EntryComparison | None:
    before, after = sides.base.snapshot, sides.head.snapshot
    was, now = before.outline_of(old_name), after.outline_of(name)
    if was is not None and now is not None:
        alike = was.paths == now.paths and was.resolved == now.resolved
        if alike and sides.changed.isdisjoint(was.paths):
            return None
    old, new = before.entries.get(old_name), after.entries.get(name)
    if old is not None and new is not None:
        found = compare_entries((old, sides.base), (new, sides.head), sides.changed)
        is_renamed = found is not None and found.before_name and found.status is not Status.BROKEN
        return replace(found, status=Status.RENAMED) if found and is_renamed else found
    if new is not None:
        return only_in(Side.HEAD, new, sides.head, sides.changed)
    return None if old is None else only_in(Side.BASE, old, sides.base, sides.changed)


def _status(old: Entry, new: Entry, facts: tuple[Fact, ...]) -> Status:
    kinds = {fact.kind for fact in facts}
    if old.name != new.name and new.manifest.renamed_from == old.name:
        return Status.RENAMED
    if kinds and kinds <= {"entry-moved", "template-moved"} and old.path != new.path:
        return Status.MOVED
    return Status.CHANGED if kinds else Status.UNCHANGED_CONTENT


def _broken(sides: Sides) -> tuple[list[EntryComparison], set[str]]:
    """The manifests that can't be compared, and the names that are therefore neither new nor gone."""
    before, after = sides.base.snapshot, sides.head.snapshot
    was, now = broken_manifests(sides.base), broken_manifests(sides.head)
    old_names = {entry.path: entry.name for entry in before.outlines()}
    new_names = {entry.path: entry.name for entry in after.outlines()}
    found = []
    unsure: set[str] = set()
    for path in sorted(was.keys() | now.keys()):
        if path in was and path in now and path not in sides.changed:
            continue
        old, new = old_names.get(path, ""), new_names.get(path, "")
        unsure |= {old} - after.entries.keys() | {new} - before.entries.keys()
        problems = [_problem(Side.BASE, was[path])] if path in was else []
        problems += [_problem(Side.HEAD, now[path])] if path in now else []
        found.append(
            EntryComparison(
                name=old or new or (now.get(path) or was[path]).entry,
                kind=_kind(path, before, after),
                status=Status.BROKEN,
                path=path,
                before_name="",
                before_path="",
                changes=(),
                files=(path,) if path in sides.changed else (),
                problems=tuple(problems),
            )
        )
    return found, unsure


def _kind(path: str, before: Snapshot, after: Snapshot) -> str:
    known = after.documents.get(path) or before.documents.get(path)
    stem = path.rpartition(".")[0]
    return known.kind.lower() if known else "agent" if stem.endswith("agent") else "prompt"


def _problem(side: Side, finding: Finding) -> Problem:
    line = finding.at.place.line if finding.at.place else 0
    return Problem(side, finding.at.path, line, finding.rule, finding.message)
