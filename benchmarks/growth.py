"""P18: how costs grow with entries and with tags."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from benchmarks.generate import Size
from benchmarks.measure import ANSWERS, Cost, Program, run
from benchmarks.places import Bench
from benchmarks.rows.row import Ratio, row
from benchmarks.subjects import released

GOAL = 1.05
_RUNS = 3
_SLOW = 10.0
"""Programs that take longer (seconds) run once."""
_WARM = frozenset({"list", "status", "validate"})
"""These run once before they are measured, to fill the cache."""
_TOO_SLOW = 400.0
"""Where one took longer than this, no larger size is tried."""


def take(bench: Bench) -> list[dict[str, Any]]:
    """A curve for each command: what it costs at each size, and the exponents between sizes."""
    entries = (100, 1_000, 10_000, 100_000) if bench.full else (30, 100, 300)
    tags = (1_000, 10_000, 50_000, 200_000) if bench.full else (300, 1_000, 3_000)
    by_entries = {count: Size(count, 2, 1_000, genuine=True) for count in entries}
    by_tags = {count: Size(1_000 if bench.full else 100, 2, count, genuine=True) for count in tags}
    return _curves(bench, "entries", by_entries) + _curves(bench, "tags", by_tags)


def rows(curves: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A row of the table for each curve: the last step against ideal linear growth."""
    found = []
    for curve in curves:
        if len(curve["points"]) < 2:
            continue
        before, last = curve["points"][-2:]
        floor = before["cpu"] * last["count"] / before["count"]
        ratio = Ratio(
            "P18",
            f"`{curve['command']}` at {last['count']:,} {curve['of']}",
            f"that at {before['count']:,}, grown linearly",
            GOAL,
            "last",
            ("before",),
        )
        found.append(row(ratio, last["cpu"], floor, last["runs"]))
    return found


def exponent(before: Mapping[str, float], after: Mapping[str, float]) -> float:
    """1 where twice as many cost twice as much, 2 where they cost four times as much."""
    return math.log(after["cpu"] / before["cpu"]) / math.log(after["count"] / before["count"])


def _curves(bench: Bench, of: str, sizes: Mapping[int, Size]) -> list[dict[str, Any]]:
    found: dict[str, list[dict[str, Any]]] = {}
    given_up: set[str] = set()
    for count, size in sizes.items():
        if bench.largest is not None and count > bench.largest:
            break
        for name, program in _programs(bench, of, size).items():
            if name in given_up:
                continue
            if name in _WARM:
                run(program, bench.environ)
            costs = _costs(program, bench)
            cost = sorted(costs, key=lambda one: one.cpu)[len(costs) // 2]
            point = {
                "count": count,
                "cpu": round(cost.cpu, 4),
                "peak": round(cost.peak, 1),
                "runs": len(costs),
            }
            found.setdefault(name, []).append(point)
            print(
                f"P18  {name} at {count:,} {of}: {cost.cpu:.2f} s, {cost.peak:.0f} MB", flush=True
            )
            if cost.cpu > _TOO_SLOW:
                given_up.add(name)
    return [
        {
            "command": name,
            "of": of,
            "points": points,
            "exponents": [round(exponent(one, other), 2) for one, other in pairwise(points)],
        }
        for name, points in found.items()
    ]


def _costs(program: Program, bench: Bench) -> list[Cost]:
    costs = [run(program, bench.environ)]
    if costs[0].cpu < _SLOW:
        costs = [run(program, bench.environ) for _ in range(_RUNS)]
    return costs


def _programs(bench: Bench, of: str, size: Size) -> dict[str, Program]:
    here = bench.made(size)
    name, version, inputs = released(bench, here)
    wanted = {
        "list": ("list",),
        "status": ("status",),
        "show NAME": ("show", name),
        "log NAME": ("log", name),
        "render NAME@VERSION": ("render", f"{name}@{version}", "--inputs", str(inputs)),
    }
    if of == "entries":
        wanted |= {"validate --no-cache": ("validate", "--no-cache"), "validate": ("validate",)}
    return {
        name: Program((bench.promptreg, *words), here, ANSWERS) for name, words in wanted.items()
    }
