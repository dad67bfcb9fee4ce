"""A rendered prompt as text, in one of the formats."""

from __future__ import annotations

from promptreg.formats import anthropic, json_format, openai, text
from promptreg.model.message import Rendered

_DATA = {"json": json_format.dump, "openai": openai.dump, "anthropic": anthropic.dump}
FORMATS = ("text", *_DATA)


def dump(rendered: Rendered, format_name: str) -> str:
    """The prompt in one of FORMATS, with a final newline.

    Raises UsageError where the format has no place for something that the prompt has.
    """
    if format_name == "text":
        return text.dump(rendered)
    return json_format.dump_text(_DATA[format_name](rendered))
