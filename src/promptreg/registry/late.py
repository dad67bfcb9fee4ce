"""Values by name, some of which are made when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar

_T = TypeVar("_T")


def late(
    made: dict[str, _T], waiting: Collection[str], make: Callable[[str], _T]
) -> Mapping[str, _T]:
    """What is `made`, and what `make` makes of the `waiting` names; none of it can be changed."""
    return Late(made, waiting, make) if waiting else MappingProxyType(made)


class Late(Mapping[str, _T]):
    """See `late`; in the order of all names."""

    def __init__(
        self, made: Mapping[str, _T], waiting: Collection[str], make: Callable[[str], _T]
    ) -> None:
        self._made = dict(made)
        self._waiting = frozenset(waiting)
        self._make = make

    def __getitem__(self, name: str) -> _T:
        if name not in self._made and name in self._waiting:
            self._made[name] = self._make(name)
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._made or name in self._waiting

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    @cached_property
    def _names(self) -> list[str]:
        return sorted(self._waiting.union(self._made))
