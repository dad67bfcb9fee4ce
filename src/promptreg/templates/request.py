"""What is asked of the renderer and what it answers: values, and their JSON for the worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, cast

from promptreg.model.data import Json, Route
from promptreg.model.finding import Place
from promptreg.model.message import FilePart, ImagePart, RenderedMessage, TextPart
from promptreg.model.message import Part as RenderedPart
from promptreg.model.prompt import Message, Part, Placeholder, Source, Turn

_PARTS = {"text": TextPart, "image": ImagePart, "file": FilePart}


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """The turns of a prompt and all that their templates may see.

    `folder` is the manifest's, `templates` the text of every template by path, `roots` where names
    are looked up, `inputs` the caller's values with defaults filled in and absent ones None.
    """

    turns: tuple[Turn, ...]
    folder: str = ""
    templates: Mapping[str, str] = field(default_factory=dict)
    roots: tuple[str, ...] = ()
    inputs: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RenderFailure:
    """Why a prompt can't be rendered.

    `kind` is undefined, type, division, limit, missing-template, not-allowed, syntax or input.
    `path` is the template's file, empty for the manifest's own text at `route`. `place` is a
    position in that text, None where the failure isn't in a text.
    """

    kind: str
    message: str
    route: Route = ()
    path: str = ""
    place: Place | None = None

    @property
    def rule(self) -> str:
        """The rule id of the finding to make of it."""
        return _RULES.get(self.kind, "render-failed")


_RULES = {
    "limit": "limit-exceeded",
    "missing-template": "missing-template",
    "not-allowed": "template-not-allowed",
    "syntax": "template-syntax",
    "undefined": "undeclared-input",
}


@dataclass(frozen=True, slots=True)
class RenderAnswer:
    """The messages in order, or the failure that stopped the rendering."""

    messages: tuple[RenderedMessage, ...] = ()
    failure: RenderFailure | None = None


def request_to_json(request: RenderRequest) -> dict[str, Json]:
    """The request as plain data."""
    turns = [
        {"placeholder": _fields(turn)} if isinstance(turn, Placeholder) else _message(turn)
        for turn in request.turns
    ]
    return cast(
        "dict[str, Json]",
        {
            "turns": turns,
            "folder": request.folder,
            "templates": dict(request.templates),
            "roots": list(request.roots),
            "inputs": dict(request.inputs),
        },
    )


def request_from_json(data: Mapping[str, Any]) -> RenderRequest:
    """The request that `request_to_json` made."""
    return RenderRequest(
        turns=tuple(_turn(item) for item in data["turns"]),
        folder=data["folder"],
        templates=data["templates"],
        roots=tuple(data["roots"]),
        inputs=data["inputs"],
    )


def answer_to_json(answer: RenderAnswer) -> dict[str, Json]:
    """The answer as plain data."""
    return {
        "messages": [message_to_json(message) for message in answer.messages],
        "failure": None if answer.failure is None else cast("Json", asdict(answer.failure)),
    }


def answer_from_json(data: Mapping[str, Any]) -> RenderAnswer:
    """The answer that `answer_to_json` made."""
    failure = data["failure"]
    if failure is not None:
        place = None if failure["place"] is None else Place(**failure["place"])
        route = tuple(failure["route"])
        failure = RenderFailure(**{**failure, "place": place, "route": route})
    messages = tuple(message_from_json(item) for item in data["messages"])
    return RenderAnswer(messages, failure)


def message_to_json(message: RenderedMessage) -> dict[str, Json]:
    """A message as plain data: role, parts with their type, and name."""
    kinds = {kind: name for name, kind in _PARTS.items()}
    parts = [{"type": kinds[type(part)], **asdict(part)} for part in message.parts]
    return {"role": message.role, "name": message.name, "parts": cast("Json", parts)}


def message_from_json(data: Mapping[str, Any]) -> RenderedMessage:
    """The message that `message_to_json` made."""
    parts = tuple(_rendered_part(item) for item in data["parts"])
    return RenderedMessage(data["role"], parts, data["name"])


def _message(turn: Message) -> dict[str, Any]:
    return {**_fields(turn), "parts": [_part_fields(part) for part in turn.parts]}


def _part_fields(part: Part) -> dict[str, Any]:
    media = None if part.media_type is None else _fields(part.media_type)
    return {**_fields(part), "source": _fields(part.source), "media_type": media}


def _fields(value: Message | Part | Source | Placeholder) -> dict[str, Any]:
    """The fields as they are: `asdict` copies deeply, which takes as long as all of the JSON."""
    return {name: getattr(value, name) for name in value.__slots__}


def _rendered_part(item: Mapping[str, Any]) -> RenderedPart:
    kind = _PARTS[item["type"]]
    part: RenderedPart = kind(**{key: value for key, value in item.items() if key != "type"})
    return part


def _turn(item: Mapping[str, Any]) -> Turn:
    if "placeholder" in item:
        fields = item["placeholder"]
        return Placeholder(**{**fields, "route": tuple(fields["route"])})
    parts = tuple(_part(part) for part in item["parts"])
    return Message(**{**item, "parts": parts, "route": tuple(item["route"])})


def _part(item: Mapping[str, Any]) -> Part:
    media = item["media_type"]
    return Part(
        type=item["type"],
        source=_source(item["source"]),
        is_data=item["is_data"],
        media_type=None if media is None else _source(media),
        options=tuple((key, value) for key, value in item["options"]),
    )


def _source(item: Mapping[str, Any]) -> Source:
    return Source(tuple(item["route"]), item["inline"], item["file"])
