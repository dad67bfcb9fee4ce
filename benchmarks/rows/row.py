"""What a row of the table is: programs measured in one run, and the ratios that are read off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from benchmarks.measure import Costs, Program, Unit
from benchmarks.places import Bench


@dataclass(frozen=True)
class Ratio:
    """One line of the table."""

    id: str
    what: str
    against: str
    goal: float
    subject: str
    """The program or function that is measured, as its group names it."""
    floor: tuple[str, ...]
    """What it is measured against; the costs of several are added."""
    unit: Unit = "cpu"


Inside: TypeAlias = Callable[[int], Costs]
"""Measures functions in this process; takes how many rounds to make."""


@dataclass(frozen=True)
class Group:
    """Ratios that share their runs. `prepare` makes the programs, and the ratios with them.

    It may raise MissingError; the ids then are told as not taken.
    """

    ids: tuple[str, ...]
    prepare: Callable[[Bench], Prepared]
    runs: int = 7
    seconds: float = 240.0
    """No further round begins after that."""


@dataclass(frozen=True)
class Prepared:
    """What a group measures here."""

    programs: Mapping[str, Program] | Inside
    ratios: tuple[Ratio, ...]


def row(ratio: Ratio, cost: float, floor: float, runs: int) -> dict[str, Any]:
    """The line of a result: a cost and its floor, each in the unit of the ratio."""
    found = cost / floor
    return {
        "id": ratio.id,
        "what": ratio.what,
        "against": ratio.against,
        "goal": round(ratio.goal, 6),
        "ratio": round(found, 6),
        "reached": found <= ratio.goal,
        "unit": ratio.unit,
        "cost": round(cost, 6),
        "floor": round(floor, 6),
        "runs": runs,
    }
