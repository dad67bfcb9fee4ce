"""Facts about how an agent works."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from promptreg.model.change import Change
from promptreg.model.compare_contract import by_key
from promptreg.model.data import Json, Route, same

_NAMED = {
    "guardrails": ("name", "guardrail"),
    "mcp_servers": ("name", "mcp-server"),
    "success_metrics": ("name", "metric"),
    "hand_offs": ("to", "hand-off"),
    "escalation": ("when", "escalation"),
    "steps": ("name", "step"),
}
"""Lists of records: the key that names one, and the word for it."""
_MAPPED = {"prompts": "agent-prompt", "budget": "budget", "approvals": "approval"}
KEYS = frozenset(_NAMED) | frozenset(_MAPPED)
"""The keys of an agent's manifest that these facts are about."""


def agent_facts(name: str, base: dict[str, Json], head: dict[str, Json]) -> Iterator[Change]:
    """What came, went or changed of what an agent uses and is held to."""
    for key, word in _MAPPED.items():
        old = cast("dict[str, Json]", base.get(key) or {})
        new = cast("dict[str, Json]", head.get(key) or {})
        yield from _items(word, name, key, old, new)
    for key, (identity, word) in _NAMED.items():
        before, after = by_key(base.get(key), identity), by_key(head.get(key), identity)
        found = list(_items(word, name, key, dict(before), dict(after)))
        yield from found
        if not found and not same(base.get(key), head.get(key)):
            # The same records in another order, or two of one name.
            yield Change(f"{word}-changed", name, (key,), "", base.get(key), head.get(key))


def _items(
    word: str, name: str, key: str, before: dict[str, Json], after: dict[str, Json]
) -> Iterator[Change]:
    for item in sorted(before.keys() | after.keys()):
        old, new = before.get(item), after.get(item)
        route: Route = (key, item)
        if item not in before:
            yield Change(f"{word}-added", name, route, after=new)
        elif item not in after:
            yield Change(f"{word}-removed", name, route, before=old)
        elif not same(old, new):
            yield Change(f"{word}-changed", name, route, before=old, after=new)
