"""`promptreg.yaml`: what is unusable says where, and stops the command."""

from __future__ import annotations

import pytest

from promptreg.errors import RegistryError
from promptreg.registry.configuration import read_configuration
from promptreg.store.trees import MemoryTree

GOOD = "apiVersion: promptreg/v1\nkind: Registry\nname: r\nowners: {t: {contact: t@example.com}}\n"


def _refused(text: str | bytes) -> RegistryError:
    with pytest.raises(RegistryError) as caught:
        read_configuration(MemoryTree({"promptreg.yaml": text}))
    return caught.value


@pytest.mark.parametrize(
    ("text", "what", "where"),
    [
        (GOOD + "nme: x\n", "nme", "promptreg.yaml:5:6 (nme)"),
        (GOOD + "profile: lax\n", "", "promptreg.yaml:5:10 (profile)"),
        (GOOD + "limits: {template_bytes: 0}\n", "", "promptreg.yaml:5:26 (limits.template_bytes)"),
        (GOOD + "name: s\n", "", "promptreg.yaml:5:1"),
        (GOOD + "roots: [../x]\n", "", "promptreg.yaml:5:9 (roots[0])"),
        (GOOD + "x: [\n", "", "promptreg.yaml:"),
        (GOOD.replace("Registry", "Prompt"), "document says Prompt", "promptreg.yaml:2:7 (kind)"),
        (GOOD.replace("v1", "v9"), "apiVersion", "promptreg.yaml:1:13 (apiVersion)"),
        ("", "", "promptreg.yaml:1:1"),
        ("- a\n", "mapping", "promptreg.yaml:1:1"),
        (GOOD + "# \x1b\n", "", "promptreg.yaml:5:3"),
        (
            GOOD + "environments:\n  production: {after: staging}\n",
            "comes after `staging`, which isn't there",
            "promptreg.yaml:6:23",
        ),
        (
            GOOD + "environments:\n  a: {after: a}\n",
            "`a` comes after itself",
            "promptreg.yaml:6:14",
        ),
        (
            GOOD + "environments:\n  a: {after: b}\n  b: {after: a}\n",
            "`a` comes after itself",
            "promptreg.yaml:6:14",
        ),
        (
            GOOD + "environments:\n  a: {after: b}\n  b: {after: c}\n  c: {after: b}\n",
            "`b` comes after itself",
            "promptreg.yaml:7:14",
        ),
        (
            GOOD + "environments:\n  a: {after: b}\n  b: {after: gone}\n",
            "environment `b` comes after `gone`",
            "promptreg.yaml:7:14",
        ),
    ],
)
def test_what_is_unusable_says_where(text: str, what: str, where: str) -> None:
    error = _refused(text)
    assert error.what.startswith("`promptreg.yaml` can't be used: ")
    assert what in error.what
    assert error.where.startswith(where)


def test_an_error_is_told_before_a_warning() -> None:
    error = _refused(GOOD + "description: a\u200bb\nprofile: lax\n")
    assert error.where == "promptreg.yaml:6:10 (profile)"


def test_how_many_more_there_are() -> None:
    assert "(and 2 more)" in _refused(GOOD + "a: 1\nb: 1\nc: 1\n").what


def test_bytes_that_are_no_text() -> None:
    assert "UTF-8" in _refused(b"\xff").what


def test_none_at_all() -> None:
    with pytest.raises(RegistryError, match="in memory") as caught:
        read_configuration(MemoryTree({}))
    assert "promptreg init" in caught.value.hint


def test_a_sound_one_with_warnings_is_used() -> None:
    found = read_configuration(MemoryTree({"promptreg.yaml": GOOD + "description: a\u200bb\n"}))
    assert found.name == "r"
