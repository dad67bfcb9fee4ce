"""P1, P2: what it costs to be there at all."""

from __future__ import annotations

from benchmarks.measure import Program
from benchmarks.places import Bench
from benchmarks.rows.row import Group, Prepared, Ratio

TRIVIAL = ("schema", "prompt")
"""A command that reads one file of promptreg's own, with Typer but without a registry."""


def _help(bench: Bench) -> Prepared:
    def program(*words: str) -> Program:
        return Program(words, bench.cache)

    programs = {
        "python": program(bench.python, "-c", "pass"),
        "version": program(bench.promptreg, "--version"),
        "help": program(bench.promptreg, "--help"),
    }
    ratios = (
        Ratio("P1", "`promptreg --version`", "`python -c pass`", 1.25, "version", ("python",)),
        Ratio("P1", "`promptreg --help`", "`python -c pass`", 1.25, "help", ("python",)),
    )
    return Prepared(programs, ratios)


def _trivial(bench: Bench) -> Prepared:
    programs = {
        "typer": Program((bench.python, "-c", "import typer"), bench.cache),
        "trivial": Program((bench.promptreg, *TRIVIAL), bench.cache),
    }
    what = f"a trivial command, `promptreg {' '.join(TRIVIAL)}`"
    return Prepared(
        programs,
        (Ratio("P2", what, "`python -c 'import typer'`", 1.15, "trivial", ("typer",)),),
    )


GROUPS = (
    Group(("P1",), _help, runs=41),
    Group(("P2",), _trivial, runs=21),
)
