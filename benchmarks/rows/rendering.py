"""P14, P15: rendering in this process, warm, and through the worker."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2

from benchmarks import worker_ratio
from benchmarks.measure import Cost, Costs
from benchmarks.places import Bench
from benchmarks.rows.row import Group, Prepared, Ratio
from promptreg.model.data import Json
from promptreg.model.entry import Entry
from promptreg.model.prompt import Message, Prompt
from promptreg.registry.load import load
from promptreg.registry.rendering import fill_inputs, render_entry, turns_of
from promptreg.registry.snapshot import Snapshot
from promptreg.store.schema import judge
from promptreg.store.trees import MemoryTree
from promptreg.templates.names import folder_of, resolve_name
from promptreg.templates.render import render_messages
from promptreg.templates.request import RenderRequest

_EXAMPLES = Path(__file__).parents[2] / "examples"
_TURNS = 60


@dataclass(frozen=True)
class _Case:
    """A test of an example: the same text three ways."""

    compiled: Callable[[], object]
    whole: Callable[[], object]
    plain: Callable[[], object]


def _warm(bench: Bench) -> Prepared:
    del bench
    compile_goal = "`get_prompt().compile()`, warm: inputs judged, all messages rendered"
    return Prepared(
        _measure,
        (
            Ratio("P14", "sandboxed strict render of compiled templates", "plain Jinja render", 1.5, "compiled", ("plain",)),
            Ratio("P14", compile_goal, "plain Jinja render", 2.5, "whole", ("plain",)),
            Ratio("P14", "99th percentile of the same", "1 ms", 1.0, "p99", ("millisecond",)),
        ),
    )  # fmt: skip


def _measure(rounds: int) -> Costs:
    files = {
        path.relative_to(_EXAMPLES).as_posix(): path.read_bytes()
        for path in _EXAMPLES.rglob("*")
        if path.is_file()
    }
    snapshot = load(MemoryTree(files)).snapshot
    cases = [
        _case(entry, snapshot, test.locale, test.inputs)
        for entry in snapshot.entries.values()
        if isinstance(entry.manifest, Prompt)
        for test in entry.manifest.tests
    ]
    ways = ("compiled", "whole", "plain")
    found: Costs = {name: [] for name in (*ways, "p99")}
    for _ in range(rounds + 1):
        spent = dict.fromkeys(ways, 0.0)
        for case in cases:
            for name in ways:
                spent[name] += _cpu(getattr(case, name))
        for name, seconds in spent.items():
            found[name].append(Cost(seconds, seconds))
        single = sorted(_wall(case.whole) for case in cases for _ in range(_TURNS))
        tail = single[len(single) * 99 // 100]
        found["p99"].append(Cost(tail, tail))
    return {name: costs[1:] for name, costs in found.items()} | {"millisecond": [Cost(1e-3, 1e-3)]}


def _cpu(work: Callable[[], object]) -> float:
    # Around many: where programs are watched, asking for this clock takes long.
    begin = time.process_time()
    for _ in range(_TURNS):
        work()
    return time.process_time() - begin


def _wall(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _case(entry: Entry, snapshot: Snapshot, locale: str, inputs: dict[str, Json]) -> _Case:
    prompt = entry.manifest
    assert isinstance(prompt, Prompt)  # noqa: S101 - chosen so
    roots = snapshot.configuration.template_roots
    filled = fill_inputs(prompt, inputs, judge)
    turns, folder = turns_of(prompt, locale)[0], folder_of(entry.path)
    request = RenderRequest(turns, folder, entry.templates, roots, filled)
    plain = _plain(entry, roots)
    texts = [
        plain.get_template(part.source.file)
        if part.source.file is not None
        else plain.from_string(part.source.inline or "")
        for turn in turns
        if isinstance(turn, Message)
        for part in turn.parts
    ]

    def whole() -> object:
        given = fill_inputs(prompt, inputs, judge)
        return render_entry(entry, roots, given, None, locale=locale)

    return _Case(
        compiled=lambda: render_messages(request),
        whole=whole,
        plain=lambda: [text.render(filled) for text in texts],
    )


def _plain(entry: Entry, roots: tuple[str, ...]) -> jinja2.Environment:
    """Jinja as it comes, with names looked up as promptreg does."""
    folder = folder_of(entry.path)

    def read(name: str) -> tuple[str, None, Any]:
        known = entry.templates
        path = resolve_name(name, folder, roots, known.__contains__)
        if path is None:  # it is relative to the template that includes it
            path = next(one for one in known if one.endswith(f"/{name}"))
        return known[path], None, lambda: True

    loader = jinja2.FunctionLoader(read)
    return jinja2.Environment(loader=loader, keep_trailing_newline=True)  # noqa: S701 - prompts are no HTML


def _worker(bench: Bench) -> Prepared:
    count = 1_000 if bench.full else 200

    def measure(rounds: int) -> Costs:
        found: Costs = {"here": [], "worker": []}
        files = {
            path.relative_to(_EXAMPLES).as_posix(): path.read_bytes()
            for path in _EXAMPLES.rglob("*")
            if path.is_file()
        }
        snapshot = load(MemoryTree(files)).snapshot
        for number in range(rounds):
            seen = worker_ratio.measure(list(worker_ratio.requests(snapshot, count, number)))
            for name, key in (("here", "cold_in_process_s"), ("worker", "cold_worker_s")):
                found[name].append(Cost(seen[key], seen[key]))
        return found

    return Prepared(
        measure,
        (
            Ratio("P15", "a thousand ordinary prompts through the worker", "without it", 1.3, "worker", ("here",), "wall"),
        ),
    )  # fmt: skip


GROUPS = (
    Group(("P14",), _warm, runs=5),
    Group(("P15",), _worker, runs=3),
)
