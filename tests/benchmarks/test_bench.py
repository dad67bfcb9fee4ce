"""The runner measures what it says, joins results, and the page shows the last of them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import page
from benchmarks.bench import joined
from benchmarks.growth import exponent, rows
from benchmarks.measure import Cost, Program, in_turns, median, run
from benchmarks.rows import GROUPS

EVERY = {f"P{number}" for number in range(1, 20)}
LATER = {"P16", "P17"}
BY_CURVES = {"P18"}


def _program(code: str, folder: Path, **more: Any) -> Program:
    return Program((sys.executable, "-I", "-c", code), folder, **more)


def test_turns_alternate_and_the_first_round_is_not_counted(tmp_path: Path) -> None:
    said = tmp_path / "said"
    write = f"open({str(said)!r}, 'a').write"
    programs = {
        "one": _program(f"{write}('1')", tmp_path),
        "two": _program(f"{write}('2')", tmp_path),
        "once": _program(f"{write}('-')", tmp_path, most=1),
    }
    found = in_turns(programs, {}, runs=3, seconds=1000)
    assert said.read_text() == "12-" + "12" + "21" + "12"
    assert {name: len(costs) for name, costs in found.items()} == {"one": 3, "two": 3, "once": 1}


def test_where_the_first_round_takes_long_it_is_the_only_one(tmp_path: Path) -> None:
    found = in_turns({"one": _program("pass", tmp_path)}, {}, runs=9, seconds=0)
    assert len(found["one"]) == 1


def test_the_costs_of_children_count_and_waiting_does_not(tmp_path: Path) -> None:
    child = "import subprocess, sys; subprocess.run([sys.executable, '-I', '-c', {!r}])"
    busy = run(_program(child.format("sum(range(10**7))"), tmp_path), {})
    idle = run(_program(child.format("import time; time.sleep(0.3)"), tmp_path), {})
    assert busy.cpu > idle.cpu
    assert idle.wall > 0.3


def test_preparation_is_made_before_each_run_and_a_failure_is_told(tmp_path: Path) -> None:
    made: list[int] = []
    in_turns(
        {"one": _program("pass", tmp_path, before=lambda: made.append(1))},
        {},
        runs=2,
        seconds=1000,
    )
    assert len(made) == 3
    with pytest.raises(RuntimeError, match="ended with 5: no luck"):
        run(_program("import sys; sys.stderr.write('no luck'); sys.exit(5)", tmp_path), {})


def test_medians() -> None:
    costs = [Cost(1, 9, 5), Cost(3, 8, 6), Cost(2, 7, 100)]
    assert (median(costs, "cpu"), median(costs, "wall"), median(costs, "peak")) == (2, 8, 6)


def test_growth_is_held_against_linear() -> None:
    points = [{"count": 100, "cpu": 1.0, "runs": 3}, {"count": 1000, "cpu": 20.0, "runs": 1}]
    (row,) = rows([{"command": "list", "of": "entries", "points": points}])
    assert (row["ratio"], row["reached"]) == (2.0, False)
    assert rows([{"command": "list", "of": "entries", "points": points[:1]}]) == []
    assert exponent({"count": 10, "cpu": 1.0}, {"count": 100, "cpu": 100.0}) == pytest.approx(2)


def test_what_is_measured_again_replaces_what_was_there() -> None:
    old = {
        "taken": "old",
        "rows": [{"id": "P1", "ratio": 9}, {"id": "P8", "ratio": 9}],
        "missing": [{"id": "P9", "why": "no gto"}],
        "growth": ["curve"],
    }
    new = {"taken": "new", "rows": [{"id": "P9", "ratio": 1}], "missing": [], "growth": []}
    found = joined(old, new, frozenset({"P9"}))
    assert [row["id"] for row in found["rows"]] == ["P1", "P8", "P9"]
    assert (found["taken"], found["missing"], found["growth"]) == ("new", [], ["curve"])


def test_every_ratio_has_a_row() -> None:
    assert {id_ for group in GROUPS for id_ in group.ids} == EVERY - LATER - BY_CURVES


def test_the_page_shows_the_last_full_run() -> None:
    text = page.PAGE.read_text(encoding="utf-8")
    found = json.loads(page.RESULTS.read_text(encoding="utf-8"))
    assert text == page.rewritten(text, found), "make bench-page"
    told = {row["id"] for row in found["rows"]} | {one["id"] for one in found["missing"]}
    assert found["full"]
    assert told >= EVERY


def test_every_row_that_is_not_reached_is_explained() -> None:
    found = json.loads(page.RESULTS.read_text(encoding="utf-8"))
    text = page.PAGE.read_text(encoding="utf-8")
    reasons = text.partition("## Not reached, and why")[2].partition("\n## ")[0]
    missed = {row["id"] for row in found["rows"] if not row["reached"]}
    assert {id_ for id_ in missed if f"**{id_}**" not in reasons} == set()


def test_a_page_without_a_place_for_a_table_is_an_error() -> None:
    empty: dict[str, Any] = {"rows": [], "missing": [], "growth": [], "machine": {}}
    with pytest.raises(ValueError, match="no place for ratios"):
        page.rewritten("# Performance\n", empty)


@pytest.mark.parametrize(
    ("ratio", "text"), [(1.0, "1.00"), (12.345, "12.35"), (1 / 12, "1/12"), (1 / 150, "1/150")]
)
def test_small_ratios_are_written_as_fractions(ratio: float, text: str) -> None:
    assert page.ratio_text(ratio) == text
