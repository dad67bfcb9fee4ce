"""The commits that made some files what they are, through renames."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from promptreg.errors import GitError
from promptreg.store.git.changes import ChangedPath, parse_name_status
from promptreg.store.git.commits import Commit, rev_list
from promptreg.store.git.repository import Repository, ask
from promptreg.store.git.wire import is_oid, split_nul

_MOST_RENAMES = 50


def history(repo: Repository, commit: str, paths: Iterable[str]) -> tuple[Commit, ...]:
    """The commits up to `commit` that touched `paths`, newest first, children before parents.

    Where one of them appeared as a rename, the old name's history before that commit belongs to it.
    A merge that took one side as it was doesn't count.
    """
    found: dict[str, Commit] = {}
    names = {path: path for path in paths}
    waiting = [(commit, tuple(sorted(names)))] if names else []
    known = set(names)
    for _ in range(_MOST_RENAMES):
        if not waiting:
            break
        start, wanted = waiting.pop()
        commits = rev_list(repo, start, paths=wanted)
        found.update((one.oid, one) for one in commits)
        waiting += _origins(repo, commits, wanted, known)
    if known == set(names):
        return tuple(found.values())
    ordered = rev_list(repo, commit, paths=sorted(known))
    return tuple(one for one in ordered if one.oid in found)


def _origins(
    repo: Repository, commits: tuple[Commit, ...], paths: tuple[str, ...], known: set[str]
) -> list[tuple[str, tuple[str, ...]]]:
    """(parent, old names) for each commit that renamed something to one of `paths`."""
    parents = {one.oid: one.parents for one in commits}
    added = _diffs(repo, tuple(parents), ("--diff-filter=A", "--", *paths))
    # Where everything begins nothing can have been renamed, and all files would be compared.
    begun = tuple(sorted({oid for oid, _ in added if parents[oid]}))
    renamed = _diffs(repo, begun, ("-M", "-l2000", "--diff-filter=R"))
    origins = []
    for oid, changes in groupby(
        sorted((oid, change.old) for oid, change in renamed if change.new in paths),
        key=lambda pair: pair[0],
    ):
        old = tuple(name for _, name in changes if name not in known)
        if old and parents[oid]:
            known.update(old)
            origins.append((parents[oid][0], old))
    return origins


def _diffs(
    repo: Repository, oids: tuple[str, ...], flags: tuple[str, ...]
) -> tuple[tuple[str, ChangedPath], ...]:
    """What each commit changed against its parent; merges show nothing."""
    if not oids:
        return ()
    said = "".join(f"{oid}\n" for oid in oids).encode("ascii")
    words = ("--stdin", "-r", "-z", "--root", "--name-status", "--ignore-submodules=none")
    records = split_nul(ask(repo, "diff-tree", *words, *flags, stdin=said).out)
    found: list[tuple[str, ChangedPath]] = []
    oid = ""
    pending: list[str] = []
    for record in records:
        # A commit's id stands alone before its changes; no status or path can be mistaken for it,
        # since a path comes only after its status.
        if is_oid(record) and _complete(pending):
            found += [(oid, change) for change in parse_name_status(tuple(pending))]
            oid, pending = record, []
        else:
            pending.append(record)
    if pending and not oid:
        raise GitError("git diff-tree answered a line that promptreg doesn't know")
    found += [(oid, change) for change in parse_name_status(tuple(pending))]
    return tuple(found)


def _complete(records: list[str]) -> bool:
    rest = iter(records)
    for status in rest:
        needed = 2 if status[:1] in {"R", "C"} else 1
        if sum(1 for _ in zip(range(needed), rest, strict=False)) < needed:
            return False
    return True
