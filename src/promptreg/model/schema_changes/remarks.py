"""Facts about keywords that refuse no value, and about those that are not understood."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.model.data import Json
from promptreg.model.schema_changes.keywords import is_remark
from promptreg.model.schema_changes.kinds import Effect, SchemaChange
from promptreg.model.schema_changes.node import frozen
from promptreg.model.schema_changes.pair import Pair
from promptreg.model.schema_changes.reading import Side

_KINDS = {"format": "format-changed", "deprecated": "deprecation-changed"}


def remark_facts(pair: Pair) -> Iterator[SchemaChange]:
    """Facts about defaults, descriptions, extension keys and the like."""
    before, after = pair.base.keywords, pair.head.keywords
    for key in sorted(filter(is_remark, before.keys() | after.keys())):
        if key == "default" and (key in before) != (key in after):
            word = "added" if key in after else "removed"
            yield pair.fact(f"default-{word}", Effect.NONE, key)
        elif _held(before, key) != _held(after, key):
            yield pair.fact(_kind(key), Effect.NONE, key)


def _kind(key: str) -> str:
    if key == "default":
        return "default-changed"
    return "extension-changed" if key.startswith("x-") else _KINDS.get(key, "described")


def _held(keywords: dict[str, Json], key: str) -> object:
    return frozen(keywords[key]) if key in keywords else ()


def odd_facts(pair: Pair) -> Iterator[SchemaChange]:
    """Keywords outside the subset: nothing is decided where the schemas differ at all."""
    before, after = pair.base.odd, pair.head.odd
    for key in sorted(before.keys() | after.keys()):
        route = (key,) if key else ()
        yield SchemaChange("undecided", route, before.get(key), after.get(key), Effect.UNKNOWN)


def definition_facts(base: Side, head: Side) -> Iterator[SchemaChange]:
    """Facts about definitions that neither side uses; others are told of at their use."""
    used = base.used_definitions() | head.used_definitions()
    for name in sorted((base.defs.keys() | head.defs.keys()) - used):
        before, after = base.defs.get(name), head.defs.get(name)
        if name not in base.defs or name not in head.defs:
            word = "added" if name in head.defs else "removed"
        elif frozen(before) != frozen(after):
            word = "changed"
        else:
            continue
        yield SchemaChange(f"definition-{word}", ("$defs", name), before, after, Effect.NONE)
