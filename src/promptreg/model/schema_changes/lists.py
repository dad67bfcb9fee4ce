"""Facts about the items of lists."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.model.data import Json
from promptreg.model.schema_changes.kinds import Effect, SchemaChange, joined, mirrored
from promptreg.model.schema_changes.node import Node
from promptreg.model.schema_changes.objects import slot_facts
from promptreg.model.schema_changes.pair import Pair
from promptreg.model.schema_changes.values import bound_facts


def item_facts(pair: Pair) -> Iterator[SchemaChange]:
    """Facts about `items` and `prefixItems`, position by position."""
    before, after = pair.base.listed("prefixItems"), pair.head.listed("prefixItems")
    for index in range(max(len(before), len(after))):
        old, new = _at(pair.base, index), _at(pair.head, index)
        route = ("prefixItems", index)
        if index < min(len(before), len(after)):
            yield from pair.nested(route, old, new)
        elif index < len(after):
            yield SchemaChange("prefix-item-added", route, None, new, pair.effect(old, new))
        else:
            yield SchemaChange("prefix-item-removed", route, old, None, pair.effect(old, new))
    yield from slot_facts(pair, "items", "items")


def _at(node: Node, index: int) -> Json:
    prefix = node.listed("prefixItems")
    return prefix[index] if index < len(prefix) else node.keywords.get("items", True)


def unique_facts(pair: Pair) -> Iterator[SchemaChange]:
    """Facts about `uniqueItems`, where `false` is as good as nothing."""
    before, after = (bool(node.keywords.get("uniqueItems")) for node in (pair.base, pair.head))
    if after and not before:
        yield pair.fact("unique-items-added", Effect.NARROWED, "uniqueItems")
    elif before and not after:
        yield pair.fact("unique-items-removed", Effect.WIDENED, "uniqueItems")


def contains_facts(pair: Pair) -> Iterator[SchemaChange]:
    """Facts about `contains`, `minContains` and `maxContains`, which say nothing without it."""
    before, after = pair.base.keywords.get("contains"), pair.head.keywords.get("contains")
    if before is None and after is not None:
        effect = Effect.NARROWED if _least(pair.head) or _has_most(pair.head) else Effect.NONE
        yield pair.fact("contains-added", effect, "contains")
    elif before is not None and after is None:
        effect = Effect.WIDENED if _least(pair.base) or _has_most(pair.base) else Effect.NONE
        yield pair.fact("contains-removed", effect, "contains")
    elif before is not None and after is not None:
        part = pair.compare(before, after)
        if part.changes or part.effect is not Effect.NONE:
            yield pair.fact("contains-changed", _contains_effect(pair, part.effect), "contains")
        yield from _count_facts(pair)


def _contains_effect(pair: Pair, effect: Effect) -> Effect:
    """Fewer fitting items make it harder to have enough of them, and easier not to exceed."""
    nodes = (pair.base, pair.head)
    enough = effect if any(map(_least, nodes)) else Effect.NONE
    not_exceeding = mirrored(effect) if any(map(_has_most, nodes)) else Effect.NONE
    return joined((enough, not_exceeding))


def _count_facts(pair: Pair) -> Iterator[SchemaChange]:
    yield from bound_facts(pair, "minContains", (_least(pair.base), 0), (_least(pair.head), 0))
    before, after = (node.number("maxContains") for node in (pair.base, pair.head))
    yield from bound_facts(
        pair,
        "maxContains",
        None if before is None else (-before, 0),
        None if after is None else (-after, 0),
    )


def _least(node: Node) -> int | float:
    number = node.number("minContains")
    return 1 if number is None else number


def _has_most(node: Node) -> bool:
    return node.number("maxContains") is not None
