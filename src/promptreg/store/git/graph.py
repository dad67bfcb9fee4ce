"""The shape of a history: which commit has which parents, in one process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from promptreg.errors import GitError
from promptreg.store.git.repository import Repository, ask
from promptreg.store.git.wire import is_oid, require_oid, to_text


def graph(repo: Repository, tips: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Every commit that `tips` reach with its parents, children before their parents."""
    said = "".join(f"{require_oid(tip)}\n" for tip in dict.fromkeys(tips)).encode("ascii")
    if not said:
        return {}
    answer = ask(repo, "rev-list", "--topo-order", "--parents", "--stdin", stdin=said)
    found = {}
    for line in to_text(answer.out).split("\n")[:-1]:
        oid, *parents = line.split(" ")
        if not is_oid(oid):
            raise GitError("git rev-list answered a line that promptreg doesn't know")
        found[oid] = tuple(parents)
    return found


def first_reached(parents: Mapping[str, tuple[str, ...]], tips: Sequence[str]) -> Mapping[str, int]:
    """For each commit the index of the first of `tips` that reaches it."""
    found: dict[str, int] = {}
    for index, tip in enumerate(tips):
        waiting = [tip]
        while waiting:
            oid = waiting.pop()
            if oid in parents and oid not in found:
                found[oid] = index
                waiting += parents[oid]
    return found


def descendants(parents: Mapping[str, tuple[str, ...]], commit: str) -> frozenset[str]:
    """`commit` and every commit that comes after it; `parents` has children before their parents."""
    found = {commit}
    for oid in reversed(tuple(parents)):
        if not found.isdisjoint(parents[oid]):
            found.add(oid)
    return frozenset(found)
