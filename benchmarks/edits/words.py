"""Texts change: templates, partials, locales, messages."""

from __future__ import annotations

import random
from typing import Any

from benchmarks.draft import Draft
from benchmarks.edits.choosing import any_prompt
from benchmarks.registry import Registry, insert_line, sentence

_SAME = (
    ("never", "at no time"),
    ("must", "has to"),
    ("Do not", "Never"),
    ("customer", "client"),
    ("Answer", "Reply"),
    ("one", "a single"),
    ("the", "this"),
)


def wording(registry: Registry) -> str | None:
    """A template says something else."""
    key = any_prompt(registry, _templates)
    if key is None:
        return None
    draft = registry.touch(key)
    short = registry.rng.choice(_templates(draft))
    draft.files[short] = _reworded(registry, draft.files[short])
    return f"Reword {short} of {draft.name}"


def partial(registry: Registry) -> str | None:
    """A partial says something else, and every prompt that reaches it with it."""
    paths = sorted(path for path in registry.partials if path.endswith(".j2"))
    path = registry.rng.choice(paths)
    registry.put(path, _reworded(registry, registry.partials[path]))
    return f"Reword {path}"


def nested_partial(registry: Registry) -> str | None:
    """A team's partial takes another one in, or a new partial is made and taken in."""
    teams = sorted(path for path in registry.partials if path.startswith("partials/teams/"))
    path = registry.rng.choice(teams)
    name = f"notes/note-{registry.rng.randrange(10_000)}.j2"
    registry.put(f"partials/{name}", f"- {sentence(registry)}\n")
    text = insert_line(registry.rng, registry.partials[path], f'{{% include "{name}" %}}')
    registry.put(path, text)
    return f"Move a rule of {path} to {name}"


def locale(registry: Registry) -> str | None:
    """A locale comes, goes or changes."""
    key = any_prompt(registry)
    if key is None:
        return None
    draft = registry.touch(key)
    locales = draft.data.setdefault("locales", {})
    if "fr" in locales:
        del locales["fr"]
        return f"Drop French from {draft.name}"
    messages = [dict(one) for one in draft.data["messages"]]
    messages.insert(0, {"role": "system", "content": f"Répondez en français. {sentence(registry)}"})
    locales["fr"] = {"messages": messages}
    return f"Say {draft.name} in French"


def inline_content(registry: Registry) -> str | None:
    """A text in the manifest changes."""
    key = any_prompt(registry, _inline)
    if key is None:
        return None
    draft = registry.touch(key)
    message = registry.rng.choice(_inline(draft))
    message["content"] = _reworded(registry, message["content"])
    return f"Reword a message of {draft.name}"


def message(registry: Registry) -> str | None:
    """A message more or less, an example pair, or another order."""
    key = any_prompt(registry)
    if key is None:
        return None
    draft = registry.touch(key)
    messages: list[Any] = draft.data["messages"]
    what = registry.rng.randrange(4)
    if what == 0 and len(messages) > 2:
        messages.pop(registry.rng.randrange(1, len(messages)))
        return f"Drop a message of {draft.name}"
    if what == 1 and not any("placeholder" in one for one in messages):
        messages.insert(1, {"placeholder": "earlier_turns", "required": False})
        return f"Take the conversation so far in {draft.name}"
    if what == 2 and len(messages) > 2:
        messages[-1], messages[-2] = messages[-2], messages[-1]
        return f"Swap messages of {draft.name}"
    pair = [("user", sentence(registry)), ("assistant", sentence(registry))]
    messages[1:1] = [{"role": role, "content": text} for role, text in pair]
    return f"Show {draft.name} an example"


def _templates(draft: Draft) -> list[str]:
    return [short for short in draft.files if short.endswith(".j2")]


def _inline(draft: Draft) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = draft.data["messages"]
    return [one for one in messages if isinstance(one.get("content"), str)]


def _reworded(registry: Registry, text: str) -> str:
    rng = registry.rng
    if rng.random() < 0.5:
        changed = _swapped(rng, text)
        if changed != text:
            return changed
    lines = text.split("\n")
    rules = [index for index, one in enumerate(lines) if one.startswith("- ") and "{" not in one]
    if len(rules) > 3 and rng.random() < 0.4:
        lines.pop(rng.choice(rules))
        return "\n".join(lines)
    return insert_line(rng, text, f"- {sentence(registry)}")


def _swapped(rng: random.Random, text: str) -> str:
    lines = text.split("\n")
    plain = [index for index, one in enumerate(lines) if one and "{" not in one]
    for index in rng.sample(plain, min(4, len(plain))):
        for old, new in rng.sample(_SAME, len(_SAME)):
            if f" {old} " in lines[index]:
                lines[index] = lines[index].replace(f" {old} ", f" {new} ", 1)
                return "\n".join(lines)
    return text
