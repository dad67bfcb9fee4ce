"""Facts about keywords that hold no schemas: types, listed values, bounds and patterns."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from typing import TypeAlias

from promptreg.model.data import Json
from promptreg.model.schema_changes.kinds import Effect, SchemaChange, joined
from promptreg.model.schema_changes.node import Node
from promptreg.model.schema_changes.pair import Pair

Facts: TypeAlias = "Callable[[Pair], Iterator[SchemaChange]]"
"""Looks for facts about some keywords; their routes start at the two nodes."""

Bound: TypeAlias = "tuple[int | float, int] | None"
"""How tight a bound is: the greater, the tighter; None where there is no bound."""


def type_facts(pair: Pair) -> Iterator[SchemaChange]:
    """Facts about `type`; the effect looks at the types that listed values leave."""
    before, after = pair.base.declared, pair.head.declared
    lost = Effect.NONE if pair.base.types <= pair.head.types else Effect.NARROWED
    gained = Effect.NONE if pair.head.types <= pair.base.types else Effect.WIDENED
    if after < before:
        yield pair.fact("type-narrowed", lost, "type")
    elif before < after:
        yield pair.fact("type-widened", gained, "type")
    elif before != after:
        yield pair.fact("type-changed", joined((lost, gained)), "type")


def listed_facts(pair: Pair) -> Iterator[SchemaChange]:
    """Facts about `enum` and `const`, which list the values that are allowed."""
    before, after = pair.base.allowed, pair.head.allowed
    if before is None and after is not None:
        word = _list_word(pair.head)
        yield pair.fact(f"{word}-added", Effect.NARROWED, word)
    elif before is not None and after is None:
        word = _list_word(pair.base)
        yield pair.fact(f"{word}-removed", Effect.WIDENED, word)
    elif before is not None and after is not None and before.keys() != after.keys():
        if _list_word(pair.base) == _list_word(pair.head) == "const":
            yield pair.fact("const-changed", Effect.BOTH, "const")
            return
        yield from _list_facts(pair, before, after)


def least(keyword: str) -> Facts:
    """Looks for facts about a count that is a lower bound; 0 is as good as none."""

    def facts(pair: Pair) -> Iterator[SchemaChange]:
        old, new = pair.base.number(keyword), pair.head.number(keyword)
        yield from bound_facts(pair, keyword, (old, 0) if old else None, (new, 0) if new else None)

    return facts


def most(keyword: str) -> Facts:
    """Looks for facts about a count that is an upper bound."""

    def facts(pair: Pair) -> Iterator[SchemaChange]:
        old, new = pair.base.number(keyword), pair.head.number(keyword)
        yield from bound_facts(
            pair,
            keyword,
            None if old is None else (-old, 0),
            None if new is None else (-new, 0),
        )

    return facts


def minimum_facts(pair: Pair) -> Iterator[SchemaChange]:
    """Facts about `minimum` and `exclusiveMinimum`, which are one bound: the tighter."""
    yield from _range_facts(pair, ("minimum", "exclusiveMinimum"), 1)


def maximum_facts(pair: Pair) -> Iterator[SchemaChange]:
    """Facts about `maximum` and `exclusiveMaximum`, which are one bound: the tighter."""
    yield from _range_facts(pair, ("maximum", "exclusiveMaximum"), -1)


def bound_facts(pair: Pair, keyword: str, before: Bound, after: Bound) -> Iterator[SchemaChange]:
    """The fact that a bound came, went or moved."""
    if before == after:
        return
    if before is None:
        yield pair.fact("bound-added", Effect.NARROWED, keyword)
    elif after is None:
        yield pair.fact("bound-removed", Effect.WIDENED, keyword)
    elif before < after:
        yield pair.fact("bound-tightened", Effect.NARROWED, keyword)
    else:
        yield pair.fact("bound-loosened", Effect.WIDENED, keyword)


def multiple_facts(pair: Pair) -> Iterator[SchemaChange]:
    """Facts about `multipleOf`; only whole numbers are judged, as fractions are not exact."""
    before, after = pair.base.number("multipleOf"), pair.head.number("multipleOf")
    if before == after:
        return
    if before is None:
        yield from bound_facts(pair, "multipleOf", None, (0, 0))
    elif after is None:
        yield from bound_facts(pair, "multipleOf", (0, 0), None)
    elif before % 1 or after % 1:
        yield pair.fact("bound-changed", Effect.UNKNOWN, "multipleOf")
    elif after % before == 0:
        yield pair.fact("bound-tightened", Effect.NARROWED, "multipleOf")
    elif before % after == 0:
        yield pair.fact("bound-loosened", Effect.WIDENED, "multipleOf")
    else:
        yield pair.fact("bound-changed", Effect.BOTH, "multipleOf")


def pattern_facts(pair: Pair) -> Iterator[SchemaChange]:
    """Facts about `pattern`; how two patterns relate is not decided."""
    before, after = pair.base.keywords.get("pattern"), pair.head.keywords.get("pattern")
    if before == after:
        return
    if before is None:
        yield pair.fact("pattern-added", Effect.NARROWED, "pattern")
    elif after is None:
        yield pair.fact("pattern-removed", Effect.WIDENED, "pattern")
    else:
        yield pair.fact("pattern-changed", Effect.UNKNOWN, "pattern")


def _list_word(node: Node) -> str:
    return "enum" if "enum" in node.keywords else "const"


def _list_facts(
    pair: Pair, before: dict[Hashable, Json], after: dict[Hashable, Json]
) -> Iterator[SchemaChange]:
    for key, value in before.items():
        if key not in after:
            route = (_list_word(pair.base),)
            yield SchemaChange("enum-value-removed", route, value, None, Effect.NARROWED)
    for key, value in after.items():
        if key not in before:
            route = (_list_word(pair.head),)
            yield SchemaChange("enum-value-added", route, None, value, Effect.WIDENED)


def _range_facts(pair: Pair, words: tuple[str, str], sign: int) -> Iterator[SchemaChange]:
    before, after = (_tightest(node, words, sign) for node in (pair.base, pair.head))
    for change in bound_facts(pair, words[0], before, after):
        old, new = before and words[before[1]], after and words[after[1]]
        yield replace(
            change,
            route=(new or old or words[0],),
            before=pair.base.keywords.get(old) if old else None,
            after=pair.head.keywords.get(new) if new else None,
        )


def _tightest(node: Node, words: tuple[str, str], sign: int) -> Bound:
    numbers = [(node.number(word), index) for index, word in enumerate(words)]
    return max(((n * sign, index) for n, index in numbers if n is not None), default=None)
