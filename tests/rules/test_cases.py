"""Cases: `tests/cases/rules/RULE/CASE/{repo/,expected.yaml}`. Adding a folder adds a test.

`expected.yaml` has the `findings` of a whole run as `PATH:LINE:COLUMN: SEVERITY[RULE] MESSAGE`, and
may set `today`, `released` (entry, version, digest) and `paths`.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from promptreg.checks.example import Example
from promptreg.commands.validate import Request, validate_tree
from promptreg.model.finding import Finding
from promptreg.rules.builtin import BUILTIN, descriptions
from promptreg.store.trees import WorkTree

CASES = Path(__file__).parent.parent / "cases" / "rules"
FOLDERS = sorted(path.parent for path in CASES.glob("*/*/expected.yaml"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_case(folder: Path) -> None:
    expected: dict[str, Any] = yaml.safe_load((folder / "expected.yaml").read_text("utf-8"))
    today = date.fromisoformat(expected.get("today", "2026-01-01"))
    paths = tuple(expected["paths"]) if "paths" in expected else None
    example = Example(released=expected.get("released"))
    report = validate_tree(WorkTree(folder / "repo"), Request(today, paths), example.known)
    assert [_said(finding) for finding in report.findings] == expected["findings"]


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    with_cases = {folder.parent.name for folder in FOLDERS}
    assert {rule.id for rule in BUILTIN} <= with_cases
    assert with_cases <= descriptions().keys()


def _said(finding: Finding) -> str:
    place = finding.at.place
    where = f"{finding.at.path}:{place.line}:{place.column}" if place else finding.at.path
    return f"{where}: {finding.severity.word}[{finding.rule}] {finding.message}"
