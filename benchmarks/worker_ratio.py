"""What the worker costs: ordinary prompts rendered through it, against the same in this process.

    .venv/bin/python benchmarks/worker_ratio.py            # 1,000 prompts, medians of 3
    .venv/bin/python benchmarks/worker_ratio.py --prompts 200 --json

The prompts are those of `examples/` with the inputs of their own tests; each gets template texts of
its own over the shared partials, as the prompts of a registry have. `cold` renders every prompt
once, so each is parsed, gated and compiled; `warm` renders a few again and again, so both sides
have them compiled and what remains is mostly the way there and back.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

from promptreg.model.prompt import Prompt
from promptreg.registry.load import load
from promptreg.registry.rendering import fill_inputs, turns_of
from promptreg.registry.snapshot import Snapshot
from promptreg.store.schema import judge
from promptreg.store.trees import MemoryTree
from promptreg.templates.names import folder_of
from promptreg.templates.render import render_messages
from promptreg.templates.request import (
    RenderAnswer,
    RenderRequest,
    answer_from_json,
    request_to_json,
)
from promptreg.worker.process import Worker

EXAMPLES = Path(__file__).parent.parent / "examples"
Render: TypeAlias = Callable[[RenderRequest], RenderAnswer]
GOAL = 1.3
TURN = 20
REPEATED = 20
"""Prompts that the warm round repeats."""


def main() -> int:
    """Print the ratios; 0 where the cold one reaches the goal."""
    parser = argparse.ArgumentParser(description="What rendering through the worker costs.")
    parser.add_argument("--prompts", type=int, default=1000, help="how many prompts to render")
    parser.add_argument("--runs", type=int, default=3, help="runs; their medians count")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    files = {
        path.relative_to(EXAMPLES).as_posix(): path.read_bytes()
        for path in EXAMPLES.rglob("*")
        if path.is_file()
    }
    snapshot = load(MemoryTree(files)).snapshot
    runs = [measure(list(requests(snapshot, options.prompts, run))) for run in range(options.runs)]
    found = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    if options.json:
        print(json.dumps({"prompts": options.prompts, **found}, indent=1))
    else:
        print(f"{options.prompts} prompts, medians of {options.runs} runs; goal for cold {GOAL}")
        for kind in ("cold", "warm"):
            here, there = found[f"{kind}_in_process_s"], found[f"{kind}_worker_s"]
            print(f"{kind}: {here:.2f} s in process, {there:.2f} s through the worker, "
                  f"ratio {found[f'{kind}_ratio']:.2f}")  # fmt: skip
    return 0 if found["cold_ratio"] <= GOAL else 1


def requests(snapshot: Snapshot, count: int, run: int) -> Iterator[RenderRequest]:
    """`count` requests; no two runs share the text of a prompt's own templates."""
    roots = snapshot.configuration.template_roots
    tests = [
        (entry, entry.manifest, test)
        for entry in snapshot.entries.values()
        if isinstance(entry.manifest, Prompt)
        for test in entry.manifest.tests
    ]
    for number in range(count):
        entry, prompt, test = tests[number % len(tests)]
        folder = folder_of(entry.path)
        mark = f"{{# {run}.{number} #}}"
        yield RenderRequest(
            turns=turns_of(prompt, test.locale)[0],
            folder=folder,
            templates={
                path: text + mark if path.startswith(f"{folder}/") else text
                for path, text in entry.templates.items()
            },
            roots=roots,
            inputs=fill_inputs(prompt, test.inputs, judge),
        )


def measure(asked: list[RenderRequest]) -> dict[str, float]:
    """Seconds and ratios of one run. The worker is started and warmed first, as in a command."""
    with Worker() as worker:
        worker.ask("render", request_to_json(RenderRequest(())))
        through: Render = lambda one: answer_from_json(  # noqa: E731
            worker.ask("render", request_to_json(one))
        )
        few = asked[:REPEATED]
        repeated = few * (len(asked) // len(few))
        found: dict[str, float] = {}
        for kind, wanted in (("cold", asked), ("warm", repeated)):
            there, here = _timed(through, render_messages, wanted)
            found |= {f"{kind}_in_process_s": here, f"{kind}_worker_s": there}
            found[f"{kind}_ratio"] = there / here
    return found


def _timed(one: Render, other: Render, asked: list[RenderRequest]) -> tuple[float, float]:
    """Seconds of each way. They take turns, so that what else the machine does hits both."""
    first = second = 0.0
    for start in range(0, len(asked), TURN):
        turn = asked[start : start + TURN]
        begin = time.perf_counter()
        theirs = [one(request) for request in turn]
        middle = time.perf_counter()
        ours = [other(request) for request in turn]
        first, second = first + middle - begin, second + time.perf_counter() - middle
        if ours != theirs or any(answer.failure for answer in ours):
            sys.exit("the answers differ, or are failures")
    return first, second


if __name__ == "__main__":
    sys.exit(main())
