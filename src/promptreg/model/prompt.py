"""A prompt's manifest as values. Made only from documents that fit the prompt schema."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeAlias, cast

from promptreg.model.data import Json, Route


class Lifecycle(StrEnum):
    """How far an entry is in its life."""

    DRAFT = "draft"
    ACTIVE = "active"
    DEPRECATED = "deprecated"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Source:
    """A template's text: inline at `route`, or the file that the manifest names there."""

    route: Route
    inline: str | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a message: `text`, `image` or `file`; the latter two hold a url or base64 data."""

    type: str
    source: Source
    is_data: bool = False
    media_type: Source | None = None
    options: tuple[tuple[str, str], ...] = ()
    """`detail` of an image, `name` of a file."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message that is rendered; `multipart` tells a list of one text from plain text."""

    role: str
    parts: tuple[Part, ...]
    route: Route
    name: str = ""
    multipart: bool = False


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A list of messages that the caller passes at run time."""

    name: str
    required: bool
    route: Route
    description: str = ""


Turn: TypeAlias = Message | Placeholder


@dataclass(frozen=True, slots=True)
class Input:
    """What a caller supplies. `schema` is the declaration as written, our two keys included."""

    name: str
    schema: dict[str, Json]
    required: bool
    untrusted: bool
    description: str

    @property
    def has_default(self) -> bool:
        """Whether an absent value is filled in."""
        return "default" in self.schema


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a test demands of the rendered text; `role` narrows it to that role's messages."""

    kind: str
    value: Json
    role: str
    route: Route


@dataclass(frozen=True, slots=True)
class Test:
    """A rendering of the prompt and what must hold for it."""

    name: str
    inputs: dict[str, Json]
    locale: str
    expect: tuple[Expectation, ...]
    route: Route


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt's manifest."""

    name: str
    description: str
    owner: str
    lifecycle: Lifecycle
    risk: str
    sunset: str
    replaced_by: str
    renamed_from: str
    labels: tuple[tuple[str, str], ...]
    model: dict[str, Json]
    inputs: tuple[Input, ...]
    messages: tuple[Turn, ...]
    locales: tuple[tuple[str, tuple[Turn, ...]], ...]
    output: dict[str, Json]
    tools: tuple[dict[str, Json], ...]
    tests: tuple[Test, ...]

    def placeholders(self) -> tuple[Placeholder, ...]:
        """The placeholders of every locale, each name once; required where one locale says so."""
        found: dict[str, Placeholder] = {}
        for _, turns in (("", self.messages), *self.locales):
            for turn in turns:
                if isinstance(turn, Placeholder):
                    first = found.setdefault(turn.name, turn)
                    if turn.required and not first.required:
                        found[turn.name] = replace(first, required=True)
        return tuple(found.values())

    def sources(self) -> tuple[Source, ...]:
        """Every template text of every locale, in document order."""
        return tuple(
            source
            for _, turns in (("", self.messages), *self.locales)
            for turn in turns
            if isinstance(turn, Message)
            for part in turn.parts
            for source in (part.source, part.media_type)
            if source is not None
        )


def parse_prompt(document: dict[str, Json]) -> Prompt:
    """The prompt that a document, already found to fit the schema, describes."""
    data = cast("dict[str, Any]", document)
    return Prompt(
        name=data["name"],
        description=data.get("description", ""),
        owner=data["owner"],
        lifecycle=Lifecycle(data["lifecycle"]),
        risk=data["risk"],
        sunset=data.get("sunset", ""),
        replaced_by=data.get("replaced_by", ""),
        renamed_from=data.get("renamed_from", ""),
        labels=tuple(sorted(data.get("labels", {}).items())),
        model=data.get("model", {}),
        inputs=tuple(_input(name, schema) for name, schema in data.get("inputs", {}).items()),
        messages=_turns(data["messages"], ("messages",)),
        locales=tuple(
            (locale, _turns(part["messages"], ("locales", locale, "messages")))
            for locale, part in data.get("locales", {}).items()
        ),
        output=data.get("output", {}),
        tools=tuple(data.get("tools", ())),
        tests=tuple(_test(test, ("tests", i)) for i, test in enumerate(data.get("tests", ()))),
    )


def _input(name: str, schema: dict[str, Any]) -> Input:
    return Input(
        name=name,
        schema=schema,
        required=schema.get("required", "default" not in schema),
        untrusted=schema.get("untrusted", False),
        description=schema.get("description", ""),
    )


def _turns(items: list[dict[str, Any]], route: Route) -> tuple[Turn, ...]:
    return tuple(_turn(item, (*route, index)) for index, item in enumerate(items))


def _turn(item: dict[str, Any], route: Route) -> Turn:
    if "placeholder" in item:
        return Placeholder(
            name=item["placeholder"],
            required=item.get("required", True),
            route=(*route, "placeholder"),
            description=item.get("description", ""),
        )
    content = item.get("content")
    if isinstance(content, list):
        parts = [_part(part, (*route, "content", index)) for index, part in enumerate(content)]
    else:
        parts = [Part("text", _source(item, route, "content"))]
    return Message(
        role=item["role"],
        parts=tuple(parts),
        route=route,
        name=item.get("name", ""),
        multipart=isinstance(content, list),
    )


def _part(item: dict[str, Any], route: Route) -> Part:
    if item["type"] == "text":
        return Part("text", _source(item, route, "text"))
    key = "data" if "data" in item else "url"
    media = item.get("media_type")
    return Part(
        type=item["type"],
        source=Source((*route, key), inline=item[key]),
        is_data=key == "data",
        media_type=None if media is None else Source((*route, "media_type"), inline=media),
        options=tuple((key, item[key]) for key in ("detail", "name") if key in item),
    )


def _source(item: dict[str, Any], route: Route, inline_key: str) -> Source:
    if "template" in item:
        return Source((*route, "template"), file=item["template"])
    return Source((*route, inline_key), inline=item[inline_key])


def _test(item: dict[str, Any], route: Route) -> Test:
    return Test(
        name=item["name"],
        inputs=item.get("inputs", {}),
        locale=item.get("locale", ""),
        expect=tuple(
            _expectation(one, (*route, "expect", index)) for index, one in enumerate(item["expect"])
        ),
        route=route,
    )


def _expectation(item: dict[str, Any], route: Route) -> Expectation:
    kind = next(key for key in item if key != "role" and not key.startswith("x-"))
    return Expectation(kind, item[kind], item.get("role", ""), (*route, kind))
