"""What changed in a manifest without any fact that speaks of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from promptreg.model.data import Json, same
from promptreg.model.entry import Entry
from promptreg.model.prompt import Prompt

_SECTIONS = ("inputs", "output", "locales", "tools", "model")
_MESSAGE = {"role", "template", "content", "name"}
_PLACEHOLDER = {"placeholder", "description"}
_PART = {"type", "text", "template", "url", "data", "media_type", "detail", "name"}


def untold(base: Entry, head: Entry) -> bool:
    """Whether something changed that `compare` has no kind of fact for.

    Extension keys of messages, locales and parts, the order of tools, how a template is written,
    and values that mean the same (`{}` for nothing, `required: true` where that is the default).
    """
    return any(not same(old, new) for old, new in _pairs(base, head))


def _pairs(base: Entry, head: Entry) -> Iterator[tuple[Json, Json]]:
    old, new = cast("dict[str, Any]", base.data), cast("dict[str, Any]", head.data)
    for key in _SECTIONS:
        yield from _emptiness(old, new, key)
    yield from _emptiness(old.get("model", {}), new.get("model", {}), "parameters")
    names = [[tool["name"] for tool in data.get("tools", ())] for data in (old, new)]
    common = set(names[0]) & set(names[1])
    yield (
        [name for name in names[0] if name in common],
        [name for name in names[1] if name in common],
    )
    if isinstance(base.manifest, Prompt) and isinstance(head.manifest, Prompt):
        yield _spelling(base, head)
        keep = _required(base.manifest) == _required(head.manifest)
        before, after = old.get("locales", {}), new.get("locales", {})
        turns = [(old["messages"], new["messages"])]
        for locale in before.keys() & after.keys():
            turns.append((before[locale]["messages"], after[locale]["messages"]))
            told = {"messages", "description"}
            yield _without(before[locale], told), _without(after[locale], told)
        for one, two in turns:
            yield _extras(one, required=keep), _extras(two, required=keep)


def _emptiness(old: dict[str, Any], new: dict[str, Any], key: str) -> Iterator[tuple[Json, Json]]:
    if not old.get(key) and not new.get(key):
        yield key in old, key in new


def _spelling(base: Entry, head: Entry) -> tuple[Json, Json]:
    """How templates that stayed where they are were written before, and are now."""
    if sorted(base.resolved.values()) != sorted(head.resolved.values()):
        return None, None  # a template came, went or moved, and a fact says so
    return [*sorted(base.resolved)], [*sorted(head.resolved)]


def _required(prompt: Prompt) -> dict[str, bool]:
    return {one.name: one.required for one in prompt.placeholders()}


def _extras(turns: list[dict[str, Any]], *, required: bool) -> Json:
    """What the messages hold beyond what facts tell; most hold nothing."""
    found: list[Json] = []
    for turn in turns:
        if "placeholder" in turn:
            told = _PLACEHOLDER if required else _PLACEHOLDER | {"required"}
            found.append(_without(turn, told))
            continue
        found.append(_without(turn, _MESSAGE))
        content = turn.get("content")
        parts = content if isinstance(content, list) else ()
        found += [_without(part, _PART) for part in parts]
    return [one for one in found if one]


def _without(data: dict[str, Any], told: set[str]) -> Json:
    return {key: value for key, value in data.items() if key not in told}
