"""A rendered prompt as promptreg's own JSON: stable keys, nothing of any vendor's."""

from __future__ import annotations

import json

from promptreg.model.data import Json
from promptreg.model.message import FilePart, ImagePart, Part, Rendered, RenderedMessage, TextPart

_KINDS = {TextPart: "text", ImagePart: "image", FilePart: "file"}


def dump(rendered: Rendered) -> dict[str, Json]:
    """The prompt as data. A message of one text has text as its content, others a list of parts."""
    output = rendered.output
    return {
        "entry": rendered.entry,
        "version": rendered.version or None,
        "model": rendered.model,
        "parameters": dict(rendered.parameters),
        "messages": [_message(message) for message in rendered.messages],
        "tools": [
            {
                "name": tool.name,
                "description": tool.description,
                "parameters": tool.parameters,
                "strict": tool.strict,
            }
            for tool in rendered.tools
        ],
        "output": None
        if output is None
        else {"name": output.name, "strict": output.strict, "schema": output.schema},
    }


def dump_text(data: Json) -> str:
    """Data of any of the formats as text: two spaces, keys in their order, a final newline."""
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _message(message: RenderedMessage) -> Json:
    content: Json = message.text if message.is_text else [_part(part) for part in message.parts]
    named: dict[str, Json] = {"name": message.name} if message.name else {}
    return {"role": message.role, **named, "content": content}


def _part(part: Part) -> Json:
    kind: dict[str, Json] = {"type": _KINDS[type(part)]}
    if isinstance(part, TextPart):
        return {**kind, "text": part.text}
    option = part.detail if isinstance(part, ImagePart) else part.name
    fields: dict[str, Json] = {
        "url": part.url,
        "data": part.data,
        "media_type": part.media_type,
        "detail" if isinstance(part, ImagePart) else "name": option,
    }
    return {**kind, **{key: value for key, value in fields.items() if value}}
