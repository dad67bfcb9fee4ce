"""Rendering: where it runs, and what is refused before anybody sees it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from promptreg.commands.render import render
from promptreg.errors import InputError

if TYPE_CHECKING:
    from tests.conftest import Site


@pytest.fixture
def no_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever wants a worker fails; git is started in another way."""

    def refuse() -> int:
        raise AssertionError("a worker was started")

    monkeypatch.setattr(os, "fork", refuse)


@pytest.mark.usefixtures("no_fork")
def test_what_an_environment_confirms_is_rendered_in_this_process(site: Site) -> None:
    site.configure()
    site.prompt()
    site.commit()
    site.release()
    site.promote("support/triage@0.1.0")
    found = render(site.workspace, "support/triage@production", {"who": "you"})
    assert [message.text for message in found.rendered.messages] == ["Hello you"]


@pytest.mark.usefixtures("no_fork")
@pytest.mark.parametrize("selector", ["", "@0.1.0", "@latest", "@git:HEAD"])
def test_whatever_nothing_else_vouches_for_is_rendered_in_the_worker(
    site: Site, selector: str
) -> None:
    site.configure()
    site.prompt()
    site.commit()
    site.release()
    with pytest.raises(AssertionError, match="a worker was started"):
        render(site.workspace, f"support/triage{selector}", {"who": "you"})


@pytest.mark.usefixtures("no_fork")
def test_a_confirmed_release_is_metered_all_the_same(site: Site) -> None:
    site.configure()
    site.prompt(text="{{ who * 9999999 }}")
    site.commit()
    site.release()
    site.promote("support/triage@0.1.0")
    with pytest.raises(InputError, match="was stopped"):
        render(site.workspace, "support/triage@production", {"who": "you"})


@pytest.mark.parametrize("text", ["a\x1bb", "a\u202eb", "a\u2028b", "a\U000e0041b", "a\rb"])
def test_an_input_brings_in_no_character_that_acts(site: Site, text: str) -> None:
    site.configure()
    site.prompt()
    with pytest.raises(InputError, match=rf"message 1 .* holds U\+0*{ord(text[1]):X}"):
        render(site.workspace, "support/triage", {"who": text})


def test_neither_does_one_in_the_address_of_an_image(site: Site) -> None:
    site.configure()
    site.prompt()
    path = "prompts/support/triage.prompt.yaml"
    manifest = (site.path / path).read_text().partition("messages:")[0]
    site.file(
        path,
        manifest + "messages:\n  - role: user\n    content:\n"
        "      - {type: image, url: 'https://example.com/{{ who }}'}\n",
    )
    with pytest.raises(InputError, match=r"holds U\+202E"):
        render(site.workspace, "support/triage", {"who": "\u202e"})


def test_a_schema_that_can_not_be_judged_by_stops_the_rendering(site: Site) -> None:
    site.configure()
    site.prompt()
    path = "prompts/support/triage.prompt.yaml"
    ring = "who:\n    $defs: {a: {$ref: '#/$defs/a'}}\n    $ref: '#/$defs/a'\n    required: false"
    text = (site.path / path).read_text()
    assert "who: {" in text
    site.file(path, "\n".join(f"  {ring}" if "who: {" in x else x for x in text.split("\n")))
    with pytest.raises(InputError) as caught:
        render(site.workspace, "support/triage", {})
    assert "go round in a circle" in caught.value.hint
