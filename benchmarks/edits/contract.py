"""Contracts change: inputs, outputs, tools, the model."""

from __future__ import annotations

import re
from typing import Any

from benchmarks.draft import Draft
from benchmarks.edits.choosing import any_draft, any_prompt
from benchmarks.registry import Registry
from benchmarks.stock import subject

_TYPES = ("string", "integer", "number", "boolean")
_MODELS = ("gpt-5", "gpt-5-mini", "claude-sonnet-4-5", "claude-haiku-4-5")


def input_added(registry: Registry) -> str | None:
    """An input more, required or not, used or not."""
    key = any_prompt(registry)
    if key is None:
        return None
    draft, rng = registry.touch(key), registry.rng
    name = f"{subject(rng).replace('-', '_')}_note"
    schema: dict[str, Any] = {"type": "string", "description": f"What {name} says."}
    if rng.random() < 0.6:
        schema["required"] = False
    draft.data.setdefault("inputs", {})[name] = schema
    if rng.random() < 0.8:
        text = f"{{% if {name} %}}Note: {{{{ {name} }}}}{{% endif %}}"
        draft.data["messages"].append({"role": "user", "content": text})
    return f"Give {draft.name} the input {name}"


def input_removed(registry: Registry) -> str | None:
    """An input less; templates may still use it."""
    key = any_prompt(registry, lambda draft: len(draft.data.get("inputs", ())) > 1)
    if key is None:
        return None
    draft = registry.touch(key)
    name = registry.rng.choice(sorted(draft.data["inputs"]))
    del draft.data["inputs"][name]
    return f"Drop the input {name} of {draft.name}"


def input_renamed(registry: Registry) -> str | None:
    """An input gets another name, in templates and tests too."""
    key = any_prompt(registry, _has_inputs)
    if key is None:
        return None
    draft = registry.touch(key)
    old = registry.rng.choice(sorted(draft.data["inputs"]))
    new = old.removesuffix("_text") if old.endswith("_text") else f"{old}_text"
    draft.data = _renamed(draft.data, old, new)
    word = re.compile(rf"\b{old}\b")
    draft.files = {short: word.sub(new, text) for short, text in draft.files.items()}
    return f"Call the input {old} of {draft.name} {new}"


def input_retyped(registry: Registry) -> str | None:
    """An input takes other values: another type, other bounds, trust."""
    key = any_prompt(registry, _has_inputs)
    if key is None:
        return None
    draft, rng = registry.touch(key), registry.rng
    name = rng.choice(sorted(draft.data["inputs"]))
    schema = draft.data["inputs"][name]
    match rng.randrange(5):
        case 0 if schema.get("type") == "string" and "enum" not in schema:
            schema["maxLength"] = rng.choice((200, 2000, 20_000))
        case 1:
            schema["required"] = not schema.get("required", True)
        case 2:
            schema["untrusted"] = not schema.get("untrusted", False)
        case 3 if isinstance(schema.get("type"), str):
            schema["type"] = [schema["type"], "null"]
        case _:
            draft.data["inputs"][name] = {"type": rng.choice(_TYPES), "description": "Retyped."}
    return f"Change what {name} of {draft.name} takes"


def enum(registry: Registry) -> str | None:
    """A choice more or less, in an input or in the output."""
    key = any_prompt(registry, _enums)
    if key is None:
        return None
    draft, rng = registry.touch(key), registry.rng
    choices = rng.choice(_enums(draft))
    if rng.random() < 0.5 and len(choices) > 2:
        return f"{draft.name}: drop {choices.pop()}"
    new = subject(rng)
    if new not in choices:
        choices.append(new)
    return f"{draft.name}: allow {new}"


def default(registry: Registry) -> str | None:
    """An input gets a default, or loses it."""
    key = any_prompt(registry, _has_inputs)
    if key is None:
        return None
    draft = registry.touch(key)
    name = registry.rng.choice(sorted(draft.data["inputs"]))
    schema = draft.data["inputs"][name]
    if "default" in schema:
        del schema["default"]
        return f"{draft.name}: {name} has to be given"
    schema["default"] = schema["enum"][0] if "enum" in schema else "none given"
    return f"{draft.name}: {name} may be left out"


def output_field(registry: Registry) -> str | None:
    """A field of the output more or less, or no longer required."""
    key = any_prompt(registry, lambda draft: _properties(draft) is not None)
    if key is None:
        return None
    draft, rng = registry.touch(key), registry.rng
    schema = draft.data["output"]["schema"]
    fields, required = schema["properties"], schema.setdefault("required", [])
    match rng.randrange(3):
        case 0 if len(fields) > 2:
            name = rng.choice(sorted(fields))
            del fields[name]
            schema["required"] = [one for one in required if one != name]
            return f"{draft.name} no longer answers {name}"
        case 1 if required:
            return f"{draft.name} may leave out {required.pop()}"
    name = f"{subject(rng).replace('-', '_')}_score"
    fields[name] = {"type": "number", "description": "From 0 to 1."}
    if name not in required:
        required.append(name)
    return f"{draft.name} answers {name}"


def tool(registry: Registry) -> str | None:
    """A tool more or less, or another argument."""
    key = any_draft(registry, lambda draft: draft.kind == "agent" or draft.data.get("tools"))
    key = key or any_prompt(registry)
    if key is None:
        return None
    draft, rng = registry.touch(key), registry.rng
    tools = draft.data.setdefault("tools", [])
    if len(tools) > 1 and rng.random() < 0.3:
        return f"{draft.name} does without {tools.pop()['name']}"
    if tools and rng.random() < 0.5:
        schema = rng.choice(tools).setdefault("parameters", {"type": "object"})
        schema.setdefault("properties", {})[f"{subject(rng).replace('-', '_')}_id"] = {
            "type": "string"
        }
        return f"Another argument for a tool of {draft.name}"
    name = f"find_{subject(rng).replace('-', '_')}"
    if name not in {one["name"] for one in tools}:
        effect = {"effect": "read"} if draft.kind == "agent" else {}
        tools.append({"name": name, "description": "Looks it up.", **effect})
    return f"Give {draft.name} {name}"


def model(registry: Registry) -> str | None:
    """Another model, or other parameters."""
    key = any_draft(registry)
    if key is None:
        return None
    draft, rng = registry.touch(key), registry.rng
    settings = draft.data.setdefault("model", {"name": "gpt-5-mini"})
    if rng.random() < 0.5:
        settings["name"] = rng.choice(_MODELS)
    else:
        settings.setdefault("parameters", {})["temperature"] = rng.choice((0, 0.1, 0.2, 0.5))
    return f"Tune {draft.name}"


def _has_inputs(draft: Draft) -> bool:
    return bool(draft.data.get("inputs"))


def _properties(draft: Draft) -> dict[str, Any] | None:
    schema: dict[str, Any] = draft.data.get("output", {}).get("schema", {})
    return schema.get("properties")


def _enums(draft: Draft) -> list[list[str]]:
    schemas = [*draft.data.get("inputs", {}).values(), *(_properties(draft) or {}).values()]
    return [one["enum"] for one in schemas if "enum" in one]


def _renamed(data: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    data["inputs"] = {new if one == old else one: value for one, value in data["inputs"].items()}
    for test in data.get("tests", ()):
        given = test.get("inputs", {})
        test["inputs"] = {new if one == old else one: value for one, value in given.items()}
    for message in data["messages"]:
        if isinstance(message.get("content"), str):
            message["content"] = re.sub(rf"\b{old}\b", new, message["content"])
    return data
