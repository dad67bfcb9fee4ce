"""What programs cost, taken in turns: what else the machine does then hits all of them alike."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

ANSWERS = frozenset({0, 1})
"""The codes of `validate` and of checkers: 1 where a registry has errors, as made ones do."""

Unit: TypeAlias = Literal["cpu", "wall", "peak"]


@dataclass(frozen=True)
class Cost:
    """Of one run, with everything that it started and waited for."""

    cpu: float
    """Seconds of all processes together."""
    wall: float
    """Seconds until it ended."""
    peak: float = 0.0
    """Memory of its largest process, in MB."""


@dataclass(frozen=True)
class Program:
    """A command line to be measured."""

    words: tuple[str, ...]
    folder: Path
    codes: frozenset[int] = frozenset({0})
    """The exit codes that count as an answer."""
    stdin: bytes = b""
    before: Callable[[], object] | None = None
    """Done before each run and not measured."""
    most: int = 99
    """It runs so many times at most; for peers that take minutes."""
    variables: Mapping[str, str] = field(default_factory=dict)


Costs: TypeAlias = dict[str, list[Cost]]


def in_turns(
    programs: Mapping[str, Program], environ: Mapping[str, str], *, runs: int, seconds: float
) -> Costs:
    """Run all programs, again and again: `runs` rounds, or fewer once `seconds` have passed.

    One round is made first and not counted (it fills caches), unless that alone took too long.
    """
    begin = time.monotonic()
    first = _round(programs, environ)
    if time.monotonic() - begin > seconds / 2:
        return {name: [cost] for name, cost in first.items()}
    found: Costs = {
        name: [first[name]] if program.most == 1 else [] for name, program in programs.items()
    }
    for number in range(runs):
        left = {name: one for name, one in programs.items() if len(found[name]) < one.most}
        # Every second round goes backwards, so that nobody always follows the same neighbour.
        order = dict(reversed(left.items())) if number % 2 else left
        for name, cost in _round(order, environ).items():
            found[name].append(cost)
        if time.monotonic() - begin > seconds:
            break
    return found


def median(costs: list[Cost], unit: Unit) -> float:
    """The median of one unit."""
    values: list[float] = [getattr(one, unit) for one in costs]
    return statistics.median(values)


def run(program: Program, environ: Mapping[str, str]) -> Cost:
    """One run. Raises RuntimeError where the program doesn't answer as it should."""
    if program.before is not None:
        program.before()
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as given:
        given.write(program.stdin)
        given.seek(0)
        begin = time.perf_counter()
        process = subprocess.Popen(
            program.words,
            cwd=program.folder,
            env={**environ, **program.variables},
            stdin=given,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        process.returncode = code = os.waitstatus_to_exitcode(status)
        if code not in program.codes:
            said.seek(0)
            last = said.read().decode("utf-8", "replace")[-600:]
            raise RuntimeError(f"`{' '.join(program.words)[:200]}` ended with {code}: {last}")
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


def _round(programs: Mapping[str, Program], environ: Mapping[str, str]) -> dict[str, Cost]:
    return {name: run(one, environ) for name, one in programs.items()}
