"""What is told to someone who changed some files."""

from __future__ import annotations

from datetime import date

import pytest

from promptreg.checks.example import Example
from promptreg.commands.validate import Request, validate_tree
from promptreg.store.trees import MemoryTree

PROMPT = "messages: [{role: user, template: greeting.j2}]"
FILES = {
    "prompts/greeting.j2": "{% include 'tone.j2' %} {{ who }}\n",
    "partials/tone.j2": "Be kind.\n",
    "partials/other.j2": "Nobody uses this.\n",
    "prompts/other.prompt.yaml": Example(prompt="name: other\nowner: nobody").tree()[
        "prompts/greeting.prompt.yaml"
    ],
}
TREE = Example(
    PROMPT, "prompts: {old: removed, hello: greeting}", registry="profile: minimal", files=FILES
).tree()
UNDECLARED = ("undeclared-input", "prompts/greeting.j2")
OWNER = ("unknown-owner", "prompts/other.prompt.yaml")
REMOVED = ("unknown-reference", "agents/helper.agent.yaml")


def _told(*paths: str) -> tuple[set[tuple[str, str]], int]:
    report = validate_tree(MemoryTree(TREE), Request(date(2026, 1, 1), paths))
    return {(one.rule, one.at.path) for one in report.findings}, report.elsewhere


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("prompts/greeting.j2", {UNDECLARED, REMOVED}),
        ("prompts/greeting.prompt.yaml", {UNDECLARED, REMOVED}),
        ("partials/tone.j2", {UNDECLARED, REMOVED}),
        ("partials", {UNDECLARED, REMOVED}),
        ("partials/other.j2", {REMOVED}),
        ("prompts/other.prompt.yaml", {OWNER, REMOVED}),
        ("prompts", {UNDECLARED, OWNER, REMOVED}),
        ("prompt", {REMOVED}),
        ("promptreg.yaml", {UNDECLARED, OWNER, REMOVED}),
        ("", {UNDECLARED, OWNER, REMOVED}),
        ("prompts/removed.prompt.yaml", {REMOVED}),
    ],
)
def test_paths(path: str, expected: set[tuple[str, str]]) -> None:
    assert _told(path) == (expected, 3 - len(expected))


def test_no_paths_at_all_is_not_everything() -> None:
    assert _told() == ({REMOVED}, 2)


def test_a_related_place_counts() -> None:
    tree = Example("lifecycle: retired", "prompts: {hello: greeting}").tree()
    request = Request(date(2026, 1, 1), ("prompts/greeting.prompt.yaml",))
    found = {one.rule: one.at.path for one in validate_tree(MemoryTree(tree), request).findings}
    assert found["retired-but-used"] == "agents/helper.agent.yaml"
