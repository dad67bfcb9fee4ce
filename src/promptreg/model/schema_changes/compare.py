"""Goes through two schemas at once and tells what differs."""

from __future__ import annotations

from typing import TypeAlias

from promptreg.model.data import Json
from promptreg.model.schema_changes import remarks, unions
from promptreg.model.schema_changes.bounds import is_manageable
from promptreg.model.schema_changes.groups import facts_of
from promptreg.model.schema_changes.kinds import Effect, SchemaChange, joined, total_effect
from promptreg.model.schema_changes.node import Node
from promptreg.model.schema_changes.pair import Pair, Part
from promptreg.model.schema_changes.reading import Side, references

_MOST_CHANGES = 200
_MOST_LEVELS = 32
_MOST_WORK = 100_000
_MOST_ROUNDS = 8

_Key: TypeAlias = "tuple[int, int]"


def schema_changes(base: Json, head: Json) -> tuple[SchemaChange, ...]:
    """Every fact about what `head` says otherwise than `base`; empty where they say the same.

    The schemas are of the subset that registries allow (of JSON Schema 2020-12, where `format` is
    a remark); whatever lies outside it is `undecided`, and nothing raises. References are followed
    on both sides. The order of keys, alternatives, and the texts in `required`, `type` and `enum`
    doesn't count. An input's own `required` and `untrusted` are no keywords: take them off first.

    Effects are promises where they are NARROWED, WIDENED or NONE (see `Effect`), also the total
    one, for every value. They don't lean on conventions. So a new optional property narrows a
    schema that accepted anything under that name, and widens one that forbade other names; by
    convention callers nonetheless take it for an addition, which is why it has a kind of its own:
    who judges an input lets `optional-property-added` pass, and who judges an output takes
    `optional-property-removed` for a break, whatever the effect.

    At most 200 changes are listed, `more-changed` last where there are more; what is nested more
    than 32 schemas deep, or takes too much work, is `not-compared`.
    """
    if base is head:
        return ()
    if not (is_manageable(base) and is_manageable(head)):
        return (_not_compared(base, head),)
    sides = Side(base), Side(head)
    if sides[0].frozen(base) == sides[1].frozen(head):
        return ()
    part = _settled(*sides)
    changes = [*part.changes, *remarks.definition_facts(*sides)]
    cut = part.is_cut or len(changes) > _MOST_CHANGES
    # What schemas that refer to themselves do in all may be more than the sum of listed facts.
    if cut or total_effect(changes) is not part.effect:
        del changes[_MOST_CHANGES - 1 :]
        changes.append(SchemaChange("more-changed", (), None, None, part.effect))
    return tuple(changes)


def _not_compared(base: Json, head: Json) -> SchemaChange:
    return SchemaChange("not-compared", (), base, head, Effect.UNKNOWN)


def _settled(base: Side, head: Side) -> Part:
    """The comparison of both roots, with effects that don't change by looking again.

    Where schemas refer to themselves the effect of a pair depends on itself. The least effects
    that agree with one another hold for every value, by induction on its depth.
    """
    assumed: dict[_Key, Effect] = {}
    for _ in range(_MOST_ROUNDS):
        walk = _Walk(base, head, assumed)
        part = walk.compare(base.schema, head.schema)
        found = {
            key: joined((assumed.get(key, Effect.NONE), walk.effect_of(key))) for key in walk.met
        }
        if all(assumed.get(key, Effect.NONE) is effect for key, effect in found.items()):
            return part
        assumed |= found
    change = _not_compared(base.schema, head.schema)
    return Part((*part.changes, change), Effect.UNKNOWN, part.is_cut)


class _Walk:
    """One round through both sides; each pair of nodes is looked at once."""

    def __init__(self, base: Side, head: Side, assumed: dict[_Key, Effect]) -> None:
        self._sides = (base, head)
        self._assumed = assumed
        self._same_definitions = base.frozen(base.defs) == head.frozen(head.defs)
        self._done: dict[_Key, Part] = {}
        self._under_way: set[_Key] = set()
        self._work = 0
        self.met: set[_Key] = set()
        """The pairs that were met again within themselves."""

    def effect_of(self, key: _Key) -> Effect:
        """The effect that this round found."""
        return self._done[key].effect

    def compare(self, base: Json, head: Json) -> Part:
        """What is known of `base` and `head`, which stand in the two sides."""
        if self._is_same(base, head):
            return _NOTHING
        nodes = self._sides[0].node(base), self._sides[1].node(head)
        key = (id(nodes[0]), id(nodes[1]))
        if key in self._done:
            part = self._done[key]
            self._work += len(part.changes)
            return part
        if key in self._under_way:
            self.met.add(key)
            return Part((), self._assumed.get(key, Effect.NONE))
        self._work += nodes[0].work + nodes[1].work
        if len(self._under_way) >= _MOST_LEVELS or self._work > _MOST_WORK:
            return Part((_not_compared(base, head),), Effect.UNKNOWN)
        self._under_way.add(key)
        self._done[key] = self._part(nodes, (base, head))
        self._under_way.remove(key)
        return self._done[key]

    def _is_same(self, base: Json, head: Json) -> bool:
        if self._sides[0].frozen(base) != self._sides[1].frozen(head):
            return False
        return self._same_definitions or not any(references(base))

    def _part(self, nodes: tuple[Node, Node], schemas: tuple[Json, Json]) -> Part:
        pair = Pair(*unions.aligned(self._sides, nodes), *self._sides, self.compare)
        kept: list[SchemaChange] = []
        effects = set()
        for change in facts_of(pair, schemas):
            effects.add(change.effect)
            if len(kept) < _MOST_CHANGES:
                kept.append(change)
            else:
                pair.is_cut = True
        return Part(tuple(kept), joined((*effects, *pair.carried)), pair.is_cut)


_NOTHING = Part((), Effect.NONE)
