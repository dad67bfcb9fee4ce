"""What the pages show of hooks and CI is what there is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from promptreg.cli.base import HEAD_VARIABLE, SOURCES

TOP = Path(__file__).parents[2]
PAGE = (TOP / "docs/hooks-and-ci.md").read_text("utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_page_shows_the_files() -> None:
    hooks, *shown = BLOCKS
    files = ("integrations/github/promptreg.yml", "integrations/gitlab/promptreg.gitlab-ci.yml")
    assert shown == [(TOP / file).read_text("utf-8") for file in files]
    offered = yaml.safe_load((TOP / ".pre-commit-hooks.yaml").read_text("utf-8"))
    (repository,) = yaml.safe_load(hooks)["repos"]
    assert [one["id"] for one in repository["hooks"]] == [one["id"] for one in offered]
    stages = {stage for hook in offered for stage in hook["stages"]}
    assert set(yaml.safe_load(hooks)["default_install_hook_types"]) <= stages


@pytest.mark.parametrize(
    "file", sorted((TOP / "integrations").rglob("*.*")), ids=lambda file: file.name
)
def test_every_file_is_linked(file: Path) -> None:
    assert f"(../{file.relative_to(TOP)})" in PAGE


def test_the_inputs_and_outputs_of_the_action_are_listed() -> None:
    action: dict[str, Any] = yaml.safe_load((TOP / "action.yml").read_text("utf-8"))
    table = PAGE[PAGE.index("| input |") :]
    rows = re.findall(r"^\| `([a-z-]+)` \| (?:`(.*?)`|none) \| (.*) \|$", table, re.MULTILINE)
    assert rows == [
        (name, one["default"], one["description"].rstrip("."))
        for name, one in action["inputs"].items()
    ]
    told = PAGE[PAGE.index("Outputs:") :].split("\n\n")[0]
    assert {name for name in action["outputs"] if f"`{name}`" not in told} == set()


def test_the_variables_that_name_a_base_are_listed_in_their_order() -> None:
    page = (TOP / "docs/checking-changes.md").read_text("utf-8")
    listed = re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE)
    assert listed == [name for name, _ in SOURCES]
    assert f"`{HEAD_VARIABLE}`" in page
