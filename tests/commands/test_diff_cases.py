"""A folder below tests/cases/diff is a case: two registries, and what is told about them.

`promptreg.yaml` is the same in all unless a side has its own. Each side against itself is silent.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from promptreg.model.data import format_route
from promptreg.registry.load import load
from promptreg.releases.comparing import Sides, compare_registries
from promptreg.releases.comparison import Comparison, Point
from promptreg.releases.other_files import other_files
from promptreg.reporters.diff import diff_lines
from promptreg.reporters.lines import plain
from promptreg.store.trees import MemoryTree

CASES = Path(__file__).parents[1] / "cases" / "diff"
NAMES = sorted(path.name for path in CASES.iterdir() if path.is_dir())
CONFIGURATION = """\
apiVersion: promptreg/v1
kind: Registry
name: test
owners: {team: {contact: team@example.com}, others: {contact: others@example.com}}
"""


def side(case: str, word: str) -> dict[str, bytes]:
    """The files of one side of a case."""
    folder = CASES / case / word
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    return {"promptreg.yaml": CONFIGURATION.encode(), **files}


def compared(base: dict[str, bytes], head: dict[str, bytes]) -> Comparison:
    """Everything that `diff --base` tells about two sets of files."""
    changed = frozenset(path for path in {*base, *head} if base.get(path) != head.get(path))
    sides = Sides(load(MemoryTree(base)), load(MemoryTree(head)), changed)
    entries = compare_registries(sides)
    points = (Point("", "base", ""), Point("", "head", ""))
    return Comparison(*points, entries, other_files(sides, entries))


def told(comparison: Comparison) -> dict[str, Any]:
    """The comparison in the words of `expected.yaml`."""
    entries = [
        {
            "name": entry.name,
            "status": entry.status.value,
            "facts": [
                f"{fact.kind} {format_route(fact.route) or fact.path}".strip()
                for fact in entry.changes
            ],
        }
        for entry in comparison.entries
    ]
    return {
        "entries": entries,
        "other_files": [one.path for one in comparison.other_files],
        "text": plain(diff_lines(comparison)[1:]).lstrip("\n"),
    }


@pytest.mark.parametrize("case", NAMES)
def test_a_case_is_told_as_expected(case: str) -> None:
    expected = yaml.safe_load((CASES / case / "expected.yaml").read_text(encoding="utf-8"))
    assert told(compared(side(case, "base"), side(case, "head"))) == expected


@pytest.mark.parametrize("word", ["base", "head"])
@pytest.mark.parametrize("case", NAMES)
def test_a_side_against_itself_is_silent(case: str, word: str) -> None:
    files = side(case, word)
    comparison = compared(files, dict(files))
    assert comparison.entries == ()
    assert comparison.other_files == ()


@pytest.mark.parametrize("case", NAMES)
def test_every_changed_file_is_named(case: str) -> None:
    base, head = side(case, "base"), side(case, "head")
    comparison = compared(base, head)
    named = {one.path for one in comparison.other_files}
    named |= {path for entry in comparison.entries for path in entry.files}
    assert named == {path for path in {*base, *head} if base.get(path) != head.get(path)}


def test_there_are_cases() -> None:
    assert len(NAMES) > 20
