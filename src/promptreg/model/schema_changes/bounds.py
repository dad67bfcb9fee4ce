"""Whether a schema is small enough to be compared."""

from __future__ import annotations

from promptreg.model.data import Json

_MOST_LEVELS = 100
_MOST_VALUES = 20_000


def is_manageable(schema: Json) -> bool:
    """Whether a schema has at most 100 levels and 20,000 values (shared ones count each time)."""
    count, level = 1, [schema]
    for _ in range(_MOST_LEVELS):
        count += sum(map(len, map(_children, level)))
        if count > _MOST_VALUES:
            return False
        level = [child for one in level for child in _children(one)]
    return not level


def _children(value: Json) -> list[Json]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
