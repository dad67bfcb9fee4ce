"""Facts about schemas made of schemas: `allOf`, `anyOf`, `oneOf` and `not`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import TypeAlias

from promptreg.model.data import Json
from promptreg.model.schema_changes.disjoint import are_all_disjoint, are_disjoint
from promptreg.model.schema_changes.kinds import Effect, SchemaChange, mirrored
from promptreg.model.schema_changes.node import ANYTHING, NOTHING, Node
from promptreg.model.schema_changes.pair import Pair
from promptreg.model.schema_changes.reading import Side

_Members: TypeAlias = "dict[int, Json]"
"""Schemas by their index in the list."""

_MOST_PAIRS = 400


def condition_facts(pair: Pair) -> Iterator[SchemaChange]:
    """Facts about `allOf`, in any order."""
    before = _distinct(pair.base_side, pair.base.listed("allOf"))
    after = _distinct(pair.head_side, pair.head.listed("allOf"))
    same = _alike(pair, before, after)
    left, right = (_without(before, same.keys()), _without(after, same.values()))
    together = same | dict(zip(left, right, strict=False))
    for old, new in sorted(together.items()):
        yield from pair.nested(("allOf", new), before[old], after[new])
    for index in _without(before, together.keys()):
        effect = pair.effect(before[index], ANYTHING)
        yield SchemaChange("condition-removed", ("allOf", index), before[index], None, effect)
    for index in _without(after, together.values()):
        effect = pair.effect(ANYTHING, after[index])
        yield SchemaChange("condition-added", ("allOf", index), None, after[index], effect)


def any_facts(pair: Pair) -> Iterator[SchemaChange]:
    """Facts about `anyOf`, in any order."""
    if not _came_or_went(pair, "anyOf"):
        before = _distinct(pair.base_side, pair.base.listed("anyOf"))
        after = _distinct(pair.head_side, pair.head.listed("anyOf"))
        yield from _alternatives(pair, "anyOf", before, after)
    else:
        yield from _whole(pair, "anyOf")


def one_facts(pair: Pair) -> Iterator[SchemaChange]:
    """Facts about `oneOf`, in any order.

    Alternatives are judged one by one where no value fits two of them, or where each accepts what
    it accepted before; otherwise a narrower one may let a value in that used to fit two.
    """
    if _came_or_went(pair, "oneOf"):
        yield from _whole(pair, "oneOf")
        return
    before, after = pair.base.listed("oneOf"), pair.head.listed("oneOf")
    members = dict(enumerate(before)), dict(enumerate(after))
    same = _alike(pair, *members)
    unmoved = len(same) == len(before) == len(after) and all(
        pair.effect(before[old], after[new]) is Effect.NONE for old, new in same.items()
    )
    apart = unmoved or (
        are_all_disjoint(pair.base_side, before) and are_all_disjoint(pair.head_side, after)
    )
    if apart:
        yield from _alternatives(pair, "oneOf", *members)
    else:
        yield pair.fact("alternatives-changed", Effect.UNKNOWN, "oneOf")


def exclusion_facts(pair: Pair) -> Iterator[SchemaChange]:
    """Facts about `not`, where fewer values that fit mean more that are accepted."""
    before, after = pair.base.keywords.get("not"), pair.head.keywords.get("not")
    if before is None and after is not None:
        yield pair.fact("exclusion-added", mirrored(pair.effect(NOTHING, after)), "not")
    elif before is not None and after is None:
        yield pair.fact("exclusion-removed", mirrored(pair.effect(before, NOTHING)), "not")
    elif before is not None and after is not None:
        part = pair.compare(before, after)
        if part.changes or part.effect is not Effect.NONE:
            yield pair.fact("exclusion-changed", mirrored(part.effect), "not")


def aligned(sides: tuple[Side, Side], nodes: tuple[Node, Node]) -> tuple[Node, Node]:
    """The nodes so that `{type: string}` beside `{anyOf: [..]}` is taken for one alternative."""
    if not all(node.types for node in nodes):
        return nodes
    first, second = (set(node.constraints) for node in nodes)
    if second == {"anyOf"} and first and "anyOf" not in first:
        return sides[0].as_union(nodes[0]), nodes[1]
    if first == {"anyOf"} and second and "anyOf" not in second:
        return nodes[0], sides[1].as_union(nodes[1])
    return nodes


def _came_or_went(pair: Pair, word: str) -> bool:
    return (word in pair.base.keywords) != (word in pair.head.keywords)


def _whole(pair: Pair, word: str) -> Iterator[SchemaChange]:
    if word in pair.head.keywords:
        yield pair.fact("alternatives-added", Effect.NARROWED, word)
    else:
        yield pair.fact("alternatives-removed", Effect.WIDENED, word)


def _alternatives(
    pair: Pair, word: str, before: _Members, after: _Members
) -> Iterator[SchemaChange]:
    together = _alike(pair, before, after)
    left, right = _without(before, together.keys()), _without(after, together.values())
    together |= _overlapping(pair, left, right)
    for old, new in sorted(together.items()):
        yield from pair.nested((word, new), before[old], after[new])
    for index in _without(before, together.keys()):
        effect = pair.effect(before[index], NOTHING)
        yield SchemaChange("alternative-removed", (word, index), before[index], None, effect)
    for index in _without(after, together.values()):
        effect = pair.effect(NOTHING, after[index])
        yield SchemaChange("alternative-added", (word, index), None, after[index], effect)


def _distinct(side: Side, schemas: list[Json]) -> _Members:
    """One of each, since saying the same thing twice adds nothing."""
    first = {side.frozen(schema): index for index, schema in reversed([*enumerate(schemas)])}
    return {index: schemas[index] for index in sorted(first.values())}


def _without(members: _Members, indexes: Iterable[int]) -> _Members:
    gone = set(indexes)
    return {index: schema for index, schema in members.items() if index not in gone}


def _alike(pair: Pair, before: _Members, after: _Members) -> dict[int, int]:
    """Which schemas are written alike, by index, each used once."""
    waiting: dict[object, list[int]] = {}
    for index, schema in reversed(after.items()):
        waiting.setdefault(pair.head_side.frozen(schema), []).append(index)
    found = {}
    for index, schema in before.items():
        same = waiting.get(pair.base_side.frozen(schema))
        if same:
            found[index] = same.pop()
    return found


def _overlapping(pair: Pair, before: _Members, after: _Members) -> dict[int, int]:
    """Which of the other schemas may be versions of one another: the nearest that share values."""
    if len(before) * len(after) > _MOST_PAIRS:
        return dict(zip(before, after, strict=False))
    found: dict[int, int] = {}
    # No two pairs of one sum share a member, so that swapping the sides finds the same pairs.
    for old, new in sorted(product(before, after), key=sum):
        if old in found or new in found.values():
            continue
        if not are_disjoint((pair.base_side, before[old]), (pair.head_side, after[new])):
            found[old] = new
    return found
