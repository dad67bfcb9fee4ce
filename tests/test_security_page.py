"""The page on security names tests; each of them is there, and every invariant has one."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
TEXT = (TOP / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TEXT)))


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_named_test_is_there(path: str, name: str) -> None:
    tree = ast.parse((TOP / path).read_text(encoding="utf-8"))
    found = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert name in found or not name


def test_every_invariant_names_a_test() -> None:
    rows = dict(re.findall(r"^\| (I\d+) \|.*?\| (.*) \|$", TEXT, re.MULTILINE))
    assert list(rows) == [f"I{number}" for number in range(1, 15)]
    assert all("::" in row for row in rows.values())


def test_reports_go_to_no_address_that_somebody_made_up() -> None:
    text = (TOP / "SECURITY.md").read_text(encoding="utf-8")
    assert "@" not in text
