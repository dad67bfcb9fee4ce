"""A rendered prompt as the body of a request to Anthropic's Messages API.

https://platform.claude.com/docs/en/api/messages; structured output is `output_config.format`,
https://platform.claude.com/docs/en/build-with-claude/structured-outputs
"""

from __future__ import annotations

import base64

from promptreg.errors import UsageError
from promptreg.model.data import Json
from promptreg.model.message import (
    FilePart,
    ImagePart,
    Part,
    Rendered,
    RenderedMessage,
    RenderedTool,
    TextPart,
)

DEFAULT_MAX_TOKENS = 1024
"""The API requires a number; this one stands where the prompt gives none."""

_PARAMETERS = {"max_output_tokens": "max_tokens", "stop": "stop_sequences"}
_UNKNOWN = frozenset(["seed", "frequency_penalty", "presence_penalty", "logit_bias", "n"])
"""Parameters of others that this API refuses; they are left out."""


def dump(rendered: Rendered) -> dict[str, Json]:
    """The request's body. UsageError where a message has something that the API doesn't take.

    System and developer messages move to the top in their order, wherever they stood; messages of
    one role in a row become one, as the API reads them anyway.
    """
    instructions = [one for one in rendered.messages if one.role in ("system", "developer")]
    turns = [one for one in rendered.messages if one.role not in ("system", "developer")]
    body: dict[str, Json] = {"model": rendered.model, "max_tokens": DEFAULT_MAX_TOKENS}
    if instructions:
        body["system"] = _system(instructions)
    body["messages"] = _turns(turns)
    for name, value in rendered.parameters.items():
        if name not in _UNKNOWN:
            body[_PARAMETERS.get(name, name)] = (
                [value] if name == "stop" and isinstance(value, str) else value
            )
    if rendered.tools:
        body["tools"] = [_tool(tool) for tool in rendered.tools]
    if rendered.output is not None:
        _add_format(body, rendered.output.schema)
    return body


def _system(instructions: list[RenderedMessage]) -> Json:
    if any(not isinstance(part, TextPart) for one in instructions for part in one.parts):
        raise UsageError("the Messages API takes only text as system instructions")
    if len(instructions) == 1 and instructions[0].is_text:
        return instructions[0].text
    return [_block(part) for one in instructions for part in one.parts if _has_content(part)]


def _turns(messages: list[RenderedMessage]) -> Json:
    turns: list[tuple[str, list[Part]]] = []
    for message in messages:
        if message.role == "tool":
            raise UsageError(
                "a message of the role `tool` answers a call, and the prompt has no calls",
                hint="use `--format json` and build the request in the application",
            )
        if not turns or turns[-1][0] != message.role:
            turns.append((message.role, []))
        turns[-1][1].extend(message.parts)
    return [{"role": role, "content": _content(parts)} for role, parts in turns]


def _content(parts: list[Part]) -> Json:
    if len(parts) == 1 and isinstance(parts[0], TextPart):
        return parts[0].text
    return [_block(part) for part in parts if _has_content(part)]


def _has_content(part: Part) -> bool:
    """The API refuses empty text blocks."""
    return not isinstance(part, TextPart) or bool(part.text)


def _block(part: Part) -> Json:
    if isinstance(part, TextPart):
        return {"type": "text", "text": part.text}
    if isinstance(part, ImagePart):
        return {"type": "image", "source": _source(part, "image/png")}
    title: dict[str, Json] = {"title": part.name} if part.name else {}
    return {"type": "document", "source": _source(part, "application/pdf"), **title}


def _source(part: ImagePart | FilePart, media_type: str) -> Json:
    if part.url:
        return {"type": "url", "url": part.url}
    if part.media_type.startswith("text/"):
        return {"type": "text", "media_type": "text/plain", "data": _decoded(part)}
    return {"type": "base64", "media_type": part.media_type or media_type, "data": part.data}


def _decoded(part: ImagePart | FilePart) -> str:
    """Text documents are sent as text; base64 there is for PDF."""
    try:
        return base64.b64decode(part.data, validate=True).decode("utf-8")
    except ValueError as error:
        raise UsageError("a text file's data is not base64 of UTF-8 text") from error


def _tool(tool: RenderedTool) -> Json:
    fields: dict[str, Json] = {"name": tool.name}
    if tool.description:
        fields["description"] = tool.description
    fields["input_schema"] = {"type": "object"} if tool.parameters is None else tool.parameters
    if tool.strict:
        fields["strict"] = True
    return fields


def _add_format(body: dict[str, Json], schema: Json) -> None:
    """The output's form, beside what the parameters may say about the output already."""
    given = body.get("output_config")
    config = given if isinstance(given, dict) else {}
    body["output_config"] = {**config, "format": {"type": "json_schema", "schema": schema}}
