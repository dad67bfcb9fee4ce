"""Running the declared tests of many entries, on several processors where that pays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from promptreg.checks.testing import Bench, run_tests
from promptreg.model.data import Json
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding
from promptreg.model.prompt import Prompt
from promptreg.model.stored_finding import finding_from_data, finding_to_data
from promptreg.worker.process import Worker
from promptreg.worker.spread import processes, spread

_WORTH = 300
"""Tests; they take about a second in one process."""


@dataclass(frozen=True, slots=True)
class FoundByTests:
    """The findings of each entry's tests, in the order of the entries."""

    of: tuple[tuple[Finding, ...], ...]
    gave_up: int
    """How often the worker gave up, which another machine might not."""


def findings_of_tests(
    entries: Sequence[Entry], bench_of: Callable[[Worker], Bench], *, most: int | None = None
) -> FoundByTests:
    """The findings of the tests of `entries`; `bench_of` makes the bench that a worker serves.

    At most `most` processes share the work; None means as many as pay.
    """

    def run(share: Sequence[Entry]) -> Json:
        with Worker() as worker:
            bench = bench_of(worker)
            of = [[finding_to_data(one) for one in _findings(entry, bench)] for entry in share]
        return {"of": cast("Json", of), "gave_up": worker.gave_up}

    tests = sum(len(one.manifest.tests) for one in entries if isinstance(one.manifest, Prompt))
    count = (processes() if most is None else most) if tests >= _WORTH or most else 1
    answers = cast("list[dict[str, Any]]", spread(entries, run, count))
    found: list[tuple[Finding, ...]] = [()] * len(entries)
    for number, answer in enumerate(answers):
        found[number::count] = [tuple(map(finding_from_data, one)) for one in answer["of"]]
    return FoundByTests(tuple(found), sum(answer["gave_up"] for answer in answers))


def _findings(entry: Entry, bench: Bench) -> list[Finding]:
    return [one for tested in run_tests((entry,), bench) for one in tested.findings]
