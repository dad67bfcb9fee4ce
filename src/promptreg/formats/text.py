"""A rendered prompt for people: each message under a line that says whose it is."""

from __future__ import annotations

from promptreg.model.message import FilePart, ImagePart, Part, Rendered, RenderedMessage, TextPart


def dump(rendered: Rendered) -> str:
    """The messages as text, their content as it is. For reading only: content can look like a
    separator, so nothing may parse this."""
    return "\n".join(_message(message) for message in rendered.messages)


def _message(message: RenderedMessage) -> str:
    head = f"{message.role} ({message.name})" if message.name else message.role
    body = "".join(_part(part) for part in message.parts)
    end = "" if body.endswith("\n") else "\n"
    return f"--- {head} ---\n{body}{end}"


def _part(part: Part) -> str:
    if isinstance(part, TextPart):
        return part.text
    kind = "image" if isinstance(part, ImagePart) else "file"
    label = part.name if isinstance(part, FilePart) else ""
    what = part.url or f"{part.media_type or 'data'}, {len(part.data)} characters of base64"
    return f"[{kind}{f' {label}' if label else ''}: {what}]"
