"""Rendering of one inline text, as most tests of templates need it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from promptreg.model.prompt import Message, Part, Source
from promptreg.templates.render import render_messages
from promptreg.templates.request import RenderAnswer, RenderRequest

Render = Callable[..., RenderAnswer]


@pytest.fixture
def render() -> Render:
    """`render(text, files={path: text}, name=value...)` for a manifest in `prompts/`."""

    def run(text: str, files: dict[str, str] | None = None, **inputs: Any) -> RenderAnswer:
        source = Source(("messages", 0, "content"), inline=text)
        turn = Message("user", (Part("text", source),), ("messages", 0))
        request = RenderRequest((turn,), "prompts", files or {}, ("partials", "."), inputs)
        return render_messages(request)

    return run
