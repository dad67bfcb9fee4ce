"""A rendered prompt as the body of a Chat Completions request.

https://platform.openai.com/docs/api-reference/chat/create
"""

from __future__ import annotations

from promptreg.errors import UsageError
from promptreg.model.data import Json
from promptreg.model.message import (
    ImagePart,
    Part,
    Rendered,
    RenderedMessage,
    RenderedOutput,
    RenderedTool,
    TextPart,
)

_PARAMETERS = {"max_output_tokens": "max_completion_tokens"}
"""Parameters that have another name there; all others pass as they are."""
_DEFAULT_OUTPUT_NAME = "output"


def dump(rendered: Rendered) -> dict[str, Json]:
    """The request's body. UsageError where a message has something that the API doesn't take."""
    body: dict[str, Json] = {
        "model": rendered.model,
        "messages": [_message(message) for message in rendered.messages],
    }
    for name, value in rendered.parameters.items():
        body[_PARAMETERS.get(name, name)] = value
    if rendered.tools:
        body["tools"] = [_tool(tool) for tool in rendered.tools]
    if rendered.output is not None:
        body["response_format"] = _response_format(rendered.output)
    return body


def _message(message: RenderedMessage) -> Json:
    if message.role == "tool":
        raise UsageError(
            "a message of the role `tool` answers a call, and the prompt has no calls",
            hint="use `--format json` and build the request in the application",
        )
    if message.role != "user" and any(not isinstance(part, TextPart) for part in message.parts):
        raise UsageError(
            f"Chat Completions takes images and files from `user` only, not from `{message.role}`"
        )
    content: Json = message.text if message.is_text else [_part(part) for part in message.parts]
    named: dict[str, Json] = {"name": message.name} if message.name else {}
    return {"role": message.role, **named, "content": content}


def _part(part: Part) -> Json:
    if isinstance(part, TextPart):
        return {"type": "text", "text": part.text}
    address = part.url or _data_url(part.media_type, part.data)
    if isinstance(part, ImagePart):
        detail: dict[str, Json] = {"detail": part.detail} if part.detail else {}
        return {"type": "image_url", "image_url": {"url": address, **detail}}
    if part.url:
        raise UsageError(
            "Chat Completions takes files as data, not as addresses", hint="use `data:` instead"
        )
    return {"type": "file", "file": {"filename": part.name or "file", "file_data": address}}


def _tool(tool: RenderedTool) -> Json:
    function: dict[str, Json] = {"name": tool.name}
    if tool.description:
        function["description"] = tool.description
    if tool.parameters is not None:
        function["parameters"] = tool.parameters
    if tool.strict:
        function["strict"] = True
    return {"type": "function", "function": function}


def _response_format(output: RenderedOutput) -> Json:
    form: dict[str, Json] = {"name": output.name or _DEFAULT_OUTPUT_NAME, "schema": output.schema}
    if output.strict:
        form["strict"] = True
    return {"type": "json_schema", "json_schema": form}


def _data_url(media_type: str, data: str) -> str:
    return f"data:{media_type or 'application/octet-stream'};base64,{data}"
