"""A prompt's contract in words."""

from __future__ import annotations

import json

from promptreg.model.data import Json
from promptreg.model.prompt import Input, Placeholder, Prompt
from promptreg.reporters.shown import Contract, ShownInput, ShownPlaceholder

_SHOWN_VALUES = 6


def contract_of(prompt: Prompt) -> Contract:
    """What callers of a prompt supply, and the messages that they get."""
    return Contract(
        inputs=tuple(_input(one) for one in prompt.inputs),
        placeholders=tuple(
            ShownPlaceholder(one.name, one.required, one.description)
            for one in prompt.placeholders()
        ),
        messages=tuple(
            f"placeholder {turn.name}" if isinstance(turn, Placeholder) else turn.role
            for turn in prompt.messages
        ),
        locales=tuple(locale for locale, _ in prompt.locales),
    )


def type_words(schema: Json) -> str:
    """What a JSON Schema takes, in a few words: `string`, `array of string`, `one of "a", "b"`."""
    if not isinstance(schema, dict):
        return "anything"
    if "const" in schema:
        return json.dumps(schema["const"], ensure_ascii=False)
    values = schema.get("enum")
    if isinstance(values, list):
        shown = ", ".join(json.dumps(value, ensure_ascii=False) for value in values[:_SHOWN_VALUES])
        return f"one of {shown}" + (", …" if len(values) > _SHOWN_VALUES else "")
    said = schema.get("type")
    names = [str(one) for one in said] if isinstance(said, list) else [str(said or "anything")]
    words = " or ".join(names)
    return (
        f"{words} of {type_words(schema['items'])}"
        if names == ["array"] and "items" in schema
        else words
    )


def _input(one: Input) -> ShownInput:
    return ShownInput(
        name=one.name,
        type=type_words(one.schema),
        required=one.required,
        untrusted=one.untrusted,
        has_default=one.has_default,
        default=one.schema.get("default"),
        description=one.description,
    )
