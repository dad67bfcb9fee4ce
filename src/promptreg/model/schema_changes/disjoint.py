"""Whether two schemas plainly share no value."""

from __future__ import annotations

from itertools import combinations

from promptreg.model.data import Json
from promptreg.model.schema_changes.node import Node
from promptreg.model.schema_changes.reading import Side

_MOST_ALTERNATIVES = 40
_LEVELS = 3


def are_disjoint(one: tuple[Side, Json], other: tuple[Side, Json]) -> bool:
    """Whether no value fits both: by type, by listed values, or by a property that both require.

    True is a promise; False may be wrong.
    """
    return _are_disjoint(
        (one[0], one[0].node(one[1])), (other[0], other[0].node(other[1])), _LEVELS
    )


def are_all_disjoint(side: Side, schemas: list[Json]) -> bool:
    """Whether no value fits two of a side's `schemas`, as `are_disjoint` says."""
    return len(schemas) <= _MOST_ALTERNATIVES and all(
        are_disjoint((side, one), (side, other)) for one, other in combinations(schemas, 2)
    )


def _are_disjoint(one: tuple[Side, Node], other: tuple[Side, Node], levels: int) -> bool:
    (side, node), (other_side, other_node) = one, other
    if not node.types & other_node.types:
        return True
    if node.allowed is not None and other_node.allowed is not None:
        return not node.allowed.keys() & other_node.allowed.keys()
    if not levels or not (node.types | other_node.types) <= {"object"}:
        return False
    ours, theirs = node.mapping("properties"), other_node.mapping("properties")
    return any(
        _are_disjoint(
            (side, side.node(ours[name])),
            (other_side, other_side.node(theirs[name])),
            levels - 1,
        )
        for name in node.names("required") & other_node.names("required")
        if name in ours and name in theirs
    )
