"""Every ratio of the table, each taken in one run against its floor or peer.

python -m benchmarks.bench [--full] [--only P1,P8] [--json FILE] [--cache FOLDER]

With --only and a FILE that is there, the other rows in it are kept.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import growth
from benchmarks.measure import Costs, in_turns, median
from benchmarks.page import number, ratio_text
from benchmarks.peers import MissingError
from benchmarks.places import Bench
from benchmarks.rows import GROUPS
from benchmarks.rows.row import Group, Ratio, row

LATER = {"P16": "there is no catalogue yet", "P17": "there is no ingest yet"}
_SMALL_RUNS = 5


def take(bench: Bench, only: frozenset[str]) -> Iterator[dict[str, Any]]:
    """Measure and print; after each group the result so far, as JSON.

    `only` are ids of rows, none for all.
    """
    rows: list[dict[str, Any]] = []
    missing = [{"id": id_, "why": why} for id_, why in LATER.items() if not only or id_ in only]
    for group in GROUPS:
        wanted = [id_ for id_ in group.ids if not only or id_ in only]
        if not wanted:
            continue
        try:
            found = [one for one in _taken(bench, group) if one["id"] in wanted]
        except MissingError as why:
            missing += [{"id": id_, "why": str(why)} for id_ in wanted]
            print(f"{'/'.join(wanted)}: not taken, {why}", flush=True)
            continue
        rows += found
        for one in found:
            print(_line(one), flush=True)
        yield _result(bench, rows, [], missing)
    curves = growth.take(bench) if not only or "P18" in only else []
    yield _result(bench, [*rows, *growth.rows(curves)], curves, missing)


def _result(
    bench: Bench,
    rows: list[dict[str, Any]],
    curves: list[dict[str, Any]],
    missing: list[dict[str, Any]],
) -> dict[str, Any]:
    return {
        "schema": "promptreg/bench/v1",
        "taken": datetime.now(UTC).date().isoformat(),
        "full": bench.full,
        "machine": _machine(),
        "rows": sorted(rows, key=_place),
        "growth": curves,
        "missing": sorted(missing, key=_place),
    }


def _place(one: dict[str, Any]) -> int:
    return int(one["id"][1:])


def joined(before: dict[str, Any], found: dict[str, Any], only: frozenset[str]) -> dict[str, Any]:
    """An earlier result with what was measured again in its place."""
    new = {one["id"] for part in ("rows", "missing") for one in found[part]}
    rows, missing = (
        sorted([*found[part], *(one for one in before[part] if one["id"] not in new)], key=_place)
        for part in ("rows", "missing")
    )
    curves = found["growth"] if "P18" in only else before["growth"]
    return {**found, "rows": rows, "missing": missing, "growth": curves}


def _taken(bench: Bench, group: Group) -> list[dict[str, Any]]:
    prepared = group.prepare(bench)
    runs = group.runs if bench.full else min(group.runs, _SMALL_RUNS)
    seconds = group.seconds if bench.full else group.seconds / 20
    if callable(prepared.programs):
        costs = prepared.programs(runs)
    else:
        costs = in_turns(prepared.programs, bench.environ, runs=runs, seconds=seconds)
    return [_row(ratio, costs) for ratio in prepared.ratios]


def _row(ratio: Ratio, costs: Costs) -> dict[str, Any]:
    own = costs[ratio.subject]
    floor = sum(median(costs[name], ratio.unit) for name in ratio.floor)
    return row(ratio, median(own, ratio.unit), floor, len(own))


def _line(one: dict[str, Any]) -> str:
    mark = "reached" if one["reached"] else "NOT REACHED"
    cost, floor = number(one["cost"], one["unit"]), number(one["floor"], one["unit"])
    ratio, goal = ratio_text(one["ratio"]), ratio_text(one["goal"])
    said = f"{one['id']:4} {ratio:>7} (goal {goal}) {mark}: {one['what']}, {cost}"
    return f"{said}; {one['against']}, {floor}"


def _machine() -> dict[str, Any]:
    git = subprocess.run(("git", "--version"), capture_output=True, check=True, text=True).stdout
    return {
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "git": git.removeprefix("git version ").strip(),
        "typer": version("typer"),
        "load": [round(one, 1) for one in os.getloadavg()],
    }


def main() -> int:
    """The command line. 0 also where goals are not reached: the table says so."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench", description=__doc__)
    parser.add_argument("--full", action="store_true", help="real sizes, and the peers")
    parser.add_argument("--only", default="", help="ids of rows, with commas between them")
    parser.add_argument("--json", type=Path, help="write the result here")
    place = Path(tempfile.gettempdir()) / "promptreg-bench"
    parser.add_argument("--cache", type=Path, default=place, help="where registries are kept")
    parser.add_argument("--largest", type=int, help="stop the curves of growth at this size")
    asked = parser.parse_args()
    asked.cache.mkdir(parents=True, exist_ok=True)
    only = frozenset(filter(None, asked.only.upper().split(",")))
    before: dict[str, Any] = {}
    if only and asked.json and asked.json.exists():
        before = json.loads(asked.json.read_text(encoding="utf-8"))
    found: dict[str, Any] = {}
    for found in take(Bench(asked.cache.resolve(), asked.full, asked.largest), only):
        if asked.json:
            # After each group, so that a run that is ended leaves what it has.
            text = json.dumps(joined(before, found, only) if before else found, indent=1)
            asked.json.write_text(text + "\n", encoding="utf-8")
    reached = sum(one["reached"] for one in found["rows"])
    print(f"\n{reached} of {len(found['rows'])} ratios reached")
    return 0


if __name__ == "__main__":
    sys.exit(main())
