"""The type of plain data: what YAML and JSON documents hold."""

from __future__ import annotations

from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""A value as JSON has it. Treated as immutable once it is part of a Snapshot."""

Route: TypeAlias = tuple[str | int, ...]
"""Keys and indexes that lead to a place in a document: `("messages", 0, "content")`."""


def at_route(data: Json, route: Route) -> Json:
    """The value at `route`, or None where the document has no such place."""
    for step in route:
        if isinstance(data, dict) and isinstance(step, str):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and 0 <= step < len(data):
            data = data[step]
        else:
            return None
    return data


def same(one: Json, two: Json) -> bool:
    """Whether two values are the same JSON: 1 is 1.0, but it isn't `true` as it is in Python."""
    if isinstance(one, bool) or isinstance(two, bool):
        return one is two
    if isinstance(one, dict) and isinstance(two, dict):
        return one.keys() == two.keys() and all(same(one[key], two[key]) for key in one)
    if isinstance(one, list) and isinstance(two, list):
        return len(one) == len(two) and all(map(same, one, two))
    return one == two


def format_route(route: Route) -> str:
    """`messages[0].content`, as people write it."""
    text = ""
    for step in route:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text
