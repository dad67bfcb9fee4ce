"""What a row of the table is: programs measured in one run, and the ratios that are read off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

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
    factor: float = 1.0
    """The subject's cost is divided by this: how many times more of the work it did."""


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
    full_only: bool = False


@dataclass(frozen=True)
class Prepared:
    """What a group measures here."""

    programs: Mapping[str, Program] | Inside
    ratios: tuple[Ratio, ...]
