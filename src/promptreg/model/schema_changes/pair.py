"""Two nodes side by side, as the functions that look for facts see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from promptreg.model.data import Json, Route
from promptreg.model.schema_changes.kinds import Effect, SchemaChange
from promptreg.model.schema_changes.node import Node
from promptreg.model.schema_changes.reading import Side


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of two schemas: facts with routes from there, and their effect together.

    The effect may say more than the facts do: of schemas that refer to themselves each fact is
    told once, and `is_cut` says that there were too many facts.
    """

    changes: tuple[SchemaChange, ...]
    effect: Effect
    is_cut: bool = False


@dataclass(slots=True)
class Pair:
    """A node of base and one of head at the same place, and how to compare what lies deeper."""

    base: Node
    head: Node
    base_side: Side
    head_side: Side
    compare: Callable[[Json, Json], Part]
    carried: list[Effect] = field(default_factory=list)
    """The effects of nested parts, whose facts may be told elsewhere."""
    is_cut: bool = False

    def effect(self, base: Json, head: Json) -> Effect:
        """The effect of one schema in the place of another."""
        return self.compare(base, head).effect

    def nested(self, route: Route, base: Json, head: Json) -> Iterator[SchemaChange]:
        """The facts about schemas at `route`, where head's narrowing narrows the whole."""
        part = self.compare(base, head)
        self.carried.append(part.effect)
        self.is_cut = self.is_cut or part.is_cut
        for change in part.changes:
            yield replace(change, route=(*route, *change.route))

    def fact(self, kind: str, effect: Effect, *route: str | int) -> SchemaChange:
        """A fact about a keyword of these nodes, `route[0]`, holding its values on both sides."""
        keyword = str(route[0])
        before, after = self.base.keywords.get(keyword), self.head.keywords.get(keyword)
        return SchemaChange(kind, route, before, after, effect)
