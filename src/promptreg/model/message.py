"""Rendered messages, and a rendered prompt: what is sent to a model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from promptreg.model.data import Json

ROLES = ("system", "developer", "user", "assistant", "tool")


@dataclass(frozen=True, slots=True)
class TextPart:
    """Text of a message, as rendered."""

    text: str


@dataclass(frozen=True, slots=True)
class ImagePart:
    """An image: exactly one of `url` and base64 `data` (with its `media_type`)."""

    url: str = ""
    data: str = ""
    media_type: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class FilePart:
    """A file: exactly one of `url` and base64 `data` (with its `media_type`)."""

    url: str = ""
    data: str = ""
    media_type: str = ""
    name: str = ""


Part: TypeAlias = TextPart | ImagePart | FilePart


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """One message; `name` tells apart speakers of one role and may be empty."""

    role: str
    parts: tuple[Part, ...]
    name: str = ""

    @property
    def text(self) -> str:
        """The texts of the message, one after the other; images and files have none."""
        return "".join(part.text for part in self.parts if isinstance(part, TextPart))

    @property
    def is_text(self) -> bool:
        """Whether the message is one text and nothing else."""
        return len(self.parts) == 1 and isinstance(self.parts[0], TextPart)


@dataclass(frozen=True, slots=True)
class RenderedTool:
    """A function that the model may call; `parameters` is a JSON Schema."""

    name: str
    description: str = ""
    parameters: Json = None
    strict: bool = False


@dataclass(frozen=True, slots=True)
class RenderedOutput:
    """The form that the model's answer must have; `schema` is a JSON Schema."""

    schema: Json
    name: str = ""
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Rendered:
    """A prompt with its inputs filled in: everything that a request to a model is made of.

    `entry` is the prompt's name and `version` its release, empty for the working tree.
    `parameters` are the model's, under promptreg's names.
    """

    entry: str
    model: str
    messages: tuple[RenderedMessage, ...]
    version: str = ""
    parameters: dict[str, Json] = field(default_factory=dict)
    tools: tuple[RenderedTool, ...] = ()
    output: RenderedOutput | None = None
