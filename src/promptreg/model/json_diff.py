"""What differs between two JSON values, named by route."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from typing import TypeAlias, cast

from promptreg.model.data import Json, Route, same


class Op(StrEnum):
    """What happened at a place."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    REORDERED = "reordered"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference.

    Items of a list of plain values are added to or removed from the list's own route
    (`enum: added "vip"`). Items of a list of mappings with a `name` each are at their name, other
    items at their index in the newer list.
    """

    op: Op
    route: Route
    before: Json = None
    after: Json = None


_Mapping: TypeAlias = "dict[str, Json]"


def json_differences(before: Json, after: Json, route: Route = ()) -> tuple[Difference, ...]:
    """Every difference, in the order of routes; empty where RFC 8785 writes both alike.

    The order of keys doesn't count; `1` and `1.0` are one number, `1` and `true` are not.
    """
    return tuple(_differences(before, after, route))


def _differences(before: Json, after: Json, route: Route) -> Iterator[Difference]:
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _of_mappings(before, after, route)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _of_lists(before, after, route)
    elif not same(before, after):
        yield Difference(Op.CHANGED, route, before, after)


def _of_mappings(before: _Mapping, after: _Mapping, route: Route) -> Iterator[Difference]:
    for key in sorted(before.keys() | after.keys()):
        here = (*route, key)
        if key not in before:
            yield Difference(Op.ADDED, here, after=after[key])
        elif key not in after:
            yield Difference(Op.REMOVED, here, before=before[key])
        else:
            yield from _differences(before[key], after[key], here)


def _of_lists(before: list[Json], after: list[Json], route: Route) -> Iterator[Difference]:
    items = [*before, *after]
    if not any(isinstance(item, (dict, list)) for item in items):
        yield from _of_plain_lists(before, after, route)
        return
    old, new = _by_name(before), _by_name(after)
    if old is not None and new is not None:
        yield from _of_mappings(old, new, route)
        yield from _order(list(old), list(new), route)
    else:
        yield from _of_sequences(before, after, route)


def _of_plain_lists(before: list[Json], after: list[Json], route: Route) -> Iterator[Difference]:
    old, new = [_scalar(item) for item in before], [_scalar(item) for item in after]
    gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
    yield from (Difference(Op.REMOVED, route, before=value) for _, value in gone.elements())
    yield from (Difference(Op.ADDED, route, after=value) for _, value in come.elements())
    if _without(old, gone) != _without(new, come):
        yield Difference(Op.REORDERED, route, before, after)


def _without(items: list[tuple[str, Json]], left_out: Counter[tuple[str, Json]]) -> list[object]:
    rest = Counter(left_out)
    kept: list[object] = []
    for item in items:
        if rest[item]:
            rest[item] -= 1
        else:
            kept.append(item)
    return kept


def _by_name(items: list[Json]) -> _Mapping | None:
    """The items by their `name`, where each is a mapping that has one of its own."""
    found: _Mapping = {}
    for item in items:
        name = item.get("name") if isinstance(item, dict) else None
        if not isinstance(name, str) or name in found:
            return None
        found[name] = item
    return found


def _order(before: Sequence[str], after: Sequence[str], route: Route) -> Iterator[Difference]:
    both = set(before) & set(after)
    old: list[Json] = [name for name in before if name in both]
    new: list[Json] = [name for name in after if name in both]
    if old != new:
        yield Difference(Op.REORDERED, route, old, new)


def _of_sequences(before: list[Json], after: list[Json], route: Route) -> Iterator[Difference]:
    start = 0
    while start < min(len(before), len(after)) and same(before[start], after[start]):
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and same(before[-1 - end], after[-1 - end]):
        end += 1
    missing = object()
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    for index, (one, other) in enumerate(zip_longest(old, new, fillvalue=missing), start):
        here = (*route, index)
        if one is missing:
            yield Difference(Op.ADDED, here, after=cast("Json", other))
        elif other is missing:
            yield Difference(Op.REMOVED, here, before=cast("Json", one))
        else:
            yield from _differences(cast("Json", one), cast("Json", other), here)


def _scalar(value: Json) -> tuple[str, Json]:
    # To Python 1, 1.0 and True are equal; to JSON the last is another value.
    word = "boolean" if isinstance(value, bool) else "number"
    return (word if isinstance(value, (bool, int, float)) else type(value).__name__, value)
