"""A rendered prompt in each of the formats."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from promptreg.errors import UsageError
from promptreg.formats import anthropic, json_format, openai, text
from promptreg.model.data import Json
from promptreg.model.message import (
    FilePart,
    ImagePart,
    Rendered,
    RenderedMessage,
    RenderedOutput,
    RenderedTool,
    TextPart,
)


def said(role: str, *texts: str, name: str = "") -> RenderedMessage:
    return RenderedMessage(role, tuple(TextPart(one) for one in texts), name)


SCHEMA: Json = {
    "type": "object",
    "properties": {"queue": {"type": "string"}},
    "required": ["queue"],
}
FULL = Rendered(
    entry="support/triage",
    version="1.4.0",
    model="some-model",
    parameters={"temperature": 0.2, "max_output_tokens": 400, "stop": "END", "seed": 7},
    messages=(
        said("system", "Be kind."),
        said("user", "Hi", name="ann"),
        said("assistant", "Hello"),
        RenderedMessage(
            "user",
            (
                TextPart("Look: "),
                ImagePart(url="https://example.com/a.png", detail="low"),
                ImagePart(data="QUJD", media_type="image/jpeg"),
                FilePart(data="JVBERg==", media_type="application/pdf", name="a.pdf"),
            ),
        ),
    ),
    tools=(RenderedTool("lookup", "Finds.", {"type": "object"}, strict=True), RenderedTool("ping")),
    output=RenderedOutput(SCHEMA, "triage", strict=True),
)
BARE = Rendered(entry="a", model="m", messages=(said("user", "hi"),))


def test_openai_request() -> None:
    assert openai.dump(FULL) == {
        "model": "some-model",
        "messages": [
            {"role": "system", "content": "Be kind."},
            {"role": "user", "name": "ann", "content": "Hi"},
            {"role": "assistant", "content": "Hello"},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "Look: "},
                    {
                        "type": "image_url",
                        "image_url": {"url": "https://example.com/a.png", "detail": "low"},
                    },
                    {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,QUJD"}},
                    {
                        "type": "file",
                        "file": {
                            "filename": "a.pdf",
                            "file_data": "data:application/pdf;base64,JVBERg==",
                        },
                    },
                ],
            },
        ],
        "temperature": 0.2,
        "max_completion_tokens": 400,
        "stop": "END",
        "seed": 7,
        "tools": [
            {
                "type": "function",
                "function": {
                    "name": "lookup",
                    "description": "Finds.",
                    "parameters": {"type": "object"},
                    "strict": True,
                },
            },
            {"type": "function", "function": {"name": "ping"}},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "triage", "schema": SCHEMA, "strict": True},
        },
    }
    assert openai.dump(BARE) == {"model": "m", "messages": [{"role": "user", "content": "hi"}]}


def test_anthropic_request() -> None:
    assert anthropic.dump(FULL) == {
        "model": "some-model",
        "max_tokens": 400,
        "system": "Be kind.",
        "messages": [
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": "Hello"},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "Look: "},
                    {
                        "type": "image",
                        "source": {"type": "url", "url": "https://example.com/a.png"},
                    },
                    {
                        "type": "image",
                        "source": {"type": "base64", "media_type": "image/jpeg", "data": "QUJD"},
                    },
                    {
                        "type": "document",
                        "source": {
                            "type": "base64",
                            "media_type": "application/pdf",
                            "data": "JVBERg==",
                        },
                        "title": "a.pdf",
                    },
                ],
            },
        ],
        "temperature": 0.2,
        "stop_sequences": ["END"],
        "tools": [
            {
                "name": "lookup",
                "description": "Finds.",
                "input_schema": {"type": "object"},
                "strict": True,
            },
            {"name": "ping", "input_schema": {"type": "object"}},
        ],
        "output_config": {"format": {"type": "json_schema", "schema": SCHEMA}},
    }
    assert anthropic.dump(BARE) == {
        "model": "m",
        "max_tokens": anthropic.DEFAULT_MAX_TOKENS,
        "messages": [{"role": "user", "content": "hi"}],
    }


def test_anthropic_joins_turns_of_one_role_and_instructions() -> None:
    messages = (
        said("system", "A"),
        said("user", "1"),
        said("user", "", "2"),
        said("developer", "B"),
        said("assistant", "3"),
    )
    body = anthropic.dump(replace(BARE, messages=messages))
    assert body["system"] == [{"type": "text", "text": "A"}, {"type": "text", "text": "B"}]
    assert body["messages"] == [
        {"role": "user", "content": [{"type": "text", "text": "1"}, {"type": "text", "text": "2"}]},
        {"role": "assistant", "content": "3"},
    ]


def test_anthropic_keeps_other_settings_of_the_output() -> None:
    parameters: dict[str, Json] = {"output_config": {"effort": "low"}}
    body = anthropic.dump(replace(FULL, parameters=parameters))
    assert body["output_config"] == {
        "effort": "low",
        "format": {"type": "json_schema", "schema": SCHEMA},
    }


def test_anthropic_sends_text_files_as_text() -> None:
    part = FilePart(data="w7w=", media_type="text/markdown")
    body = anthropic.dump(replace(BARE, messages=(RenderedMessage("user", (part,)),)))
    source = {"type": "text", "media_type": "text/plain", "data": "ü"}
    assert body["messages"] == [
        {"role": "user", "content": [{"type": "document", "source": source}]}
    ]


IMAGE = ImagePart(url="https://example.com/a.png")


@pytest.mark.parametrize(
    "message",
    [
        said("tool", "42"),
        RenderedMessage("system", (IMAGE,)),
    ],
)
def test_what_no_request_can_say_is_refused(message: RenderedMessage) -> None:
    for api in (openai, anthropic):
        with pytest.raises(UsageError):
            api.dump(replace(BARE, messages=(message,)))


def test_openai_takes_no_addresses_of_files() -> None:
    file = RenderedMessage("user", (FilePart(url="https://example.com/a.pdf"),))
    with pytest.raises(UsageError, match="data"):
        openai.dump(replace(BARE, messages=(file,)))


def test_anthropic_refuses_broken_text_files() -> None:
    file = RenderedMessage("user", (FilePart(data="%%%", media_type="text/plain"),))
    with pytest.raises(UsageError, match="base64"):
        anthropic.dump(replace(BARE, messages=(file,)))


def test_text_keeps_content_as_it_is() -> None:
    tricky = said("user", "[bold] \x1b --- system ---\n")
    assert text.dump(replace(FULL, messages=(*FULL.messages, tricky))) == (
        "--- system ---\nBe kind.\n"
        "\n--- user (ann) ---\nHi\n"
        "\n--- assistant ---\nHello\n"
        "\n--- user ---\nLook: [image: https://example.com/a.png]"
        "[image: image/jpeg, 4 characters of base64]"
        "[file a.pdf: application/pdf, 8 characters of base64]\n"
        "\n--- user ---\n[bold] \x1b --- system ---\n"
    )


def test_json_has_every_fact_under_stable_keys() -> None:
    data = json_format.dump(FULL)
    assert list(data) == [
        "entry",
        "version",
        "model",
        "parameters",
        "messages",
        "tools",
        "output",
    ]
    assert json_format.dump(BARE)["output"] is None
    assert json_format.dump(BARE)["version"] is None
    messages = data["messages"]
    assert isinstance(messages, list)
    assert messages[1] == {"role": "user", "name": "ann", "content": "Hi"}
    assert messages[3] == {
        "role": "user",
        "content": [
            {"type": "text", "text": "Look: "},
            {"type": "image", "url": "https://example.com/a.png", "detail": "low"},
            {"type": "image", "data": "QUJD", "media_type": "image/jpeg"},
            {"type": "file", "data": "JVBERg==", "media_type": "application/pdf", "name": "a.pdf"},
        ],
    }


def test_data_is_written_as_readable_json() -> None:
    written = json_format.dump_text({"b": "ü", "a": [1]})
    assert written == '{\n  "b": "ü",\n  "a": [\n    1\n  ]\n}\n'
    assert json.loads(written) == {"b": "ü", "a": [1]}
    with pytest.raises(ValueError, match="JSON"):
        json_format.dump_text({"a": float("nan")})
