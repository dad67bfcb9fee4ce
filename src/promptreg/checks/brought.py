"""Which findings a change brings: those of the head that its base doesn't have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from promptreg.model.finding import Finding

_Alike: TypeAlias = Callable[[Finding, Finding], bool]


@dataclass(frozen=True, slots=True)
class Moves:
    """What became of names and files: old to new. What isn't there stayed."""

    entries: Mapping[str, str] = field(default_factory=dict)
    paths: Mapping[str, str] = field(default_factory=dict)

    def applied(self, finding: Finding) -> Finding:
        """A finding of the base as the head would make it."""
        path = self.paths.get(finding.at.path, finding.at.path)
        entry = self.entries.get(finding.entry, finding.entry)
        return replace(finding, entry=entry, at=replace(finding.at, path=path))


def brought(
    head: Iterable[Finding], base: Iterable[Finding], moves: Moves | None = None
) -> tuple[Finding, ...]:
    """The findings of the head that are new, in their order.

    Each finding of the base excuses one of the head with the same fingerprint in the same file, at
    most as severe: a second instance is new.
    """
    moves = moves or Moves()
    known: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in base:
        moved = moves.applied(finding)
        known[moved.fingerprint].append(moved)
    found = list(head)
    left: defaultdict[str, list[int]] = defaultdict(list)
    for index, finding in enumerate(found):
        left[finding.fingerprint].append(index)
    new = {index for key, mine in left.items() for index in _unpaired(found, mine, known[key])}
    return tuple(finding for index, finding in enumerate(found) if index in new)


def _unpaired(found: list[Finding], mine: list[int], known: list[Finding]) -> list[int]:
    """Those of `mine` that no known finding is paired with; the most alike are paired first."""
    left, old = list(mine), list(known)
    for is_alike in _ALIKE:
        still = []
        for index in left:
            match = next((one for one in old if _excuses(one, found[index], is_alike)), None)
            if match is None:
                still.append(index)
            else:
                old.remove(match)
        left = still
    return left


def _excuses(old: Finding, new: Finding, is_alike: _Alike) -> bool:
    return old.at.path == new.at.path and old.severity >= new.severity and is_alike(old, new)


_ALIKE: tuple[_Alike, ...] = (
    lambda old, new: old == new,
    lambda old, new: old.message == new.message,
    lambda _old, _new: True,
)
