"""What the tests of entries render to on both sides of a comparison."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from promptreg.checks.judging import Judge, bounded_judge
from promptreg.errors import InputError
from promptreg.model.data import Json
from promptreg.model.entry import Entry
from promptreg.model.message import ImagePart, Part, RenderedMessage, TextPart
from promptreg.model.prompt import Prompt, Test
from promptreg.registry.rendering import fill_inputs, render_entry
from promptreg.registry.snapshot import Snapshot
from promptreg.releases.comparison import (
    Comparison,
    EntryComparison,
    RenderedSide,
    RenderedTest,
    SpokenMessage,
    SpokenPart,
)
from promptreg.worker.process import Worker


def with_rendered(comparison: Comparison, base: Snapshot, head: Snapshot) -> Comparison:
    """The comparison with what its prompts' tests render to.

    Both sides get the inputs of the head's test, as far as they know them; a test that only the
    base has is rendered with its own.
    """
    return with_each_rendered(comparison, {one.name: (base, head) for one in comparison.entries})


def with_each_rendered(
    comparison: Comparison, sides: Mapping[str, tuple[Snapshot | None, Snapshot | None]]
) -> Comparison:
    """The same where each entry, by its name, has snapshots of its own; None is no side."""
    with Worker() as worker:
        bench = _Bench(worker, bounded_judge(worker))
        entries = tuple(
            replace(entry, rendered=_rendered(entry, *sides[entry.name], bench))
            for entry in comparison.entries
        )
    return replace(comparison, entries=entries)


@dataclass(frozen=True, slots=True)
class _Bench:
    worker: Worker
    judge: Judge


@dataclass(frozen=True, slots=True)
class _Version:
    entry: Entry
    prompt: Prompt
    roots: tuple[str, ...]
    tests: Mapping[str, Test]


def _rendered(
    entry: EntryComparison, base: Snapshot | None, head: Snapshot | None, bench: _Bench
) -> tuple[RenderedTest, ...]:
    old = _version(base, entry.before_name or entry.name)
    new = _version(head, entry.name)
    tests = {**(old.tests if old else {}), **(new.tests if new else {})}
    return tuple(_test(test, old, new, bench) for test in tests.values())


def _version(snapshot: Snapshot | None, name: str) -> _Version | None:
    entry = snapshot.entries.get(name) if snapshot else None
    if snapshot is None or entry is None or not isinstance(entry.manifest, Prompt):
        return None
    tests = {test.name: test for test in entry.manifest.tests}
    return _Version(entry, entry.manifest, snapshot.configuration.template_roots, tests)


def _test(test: Test, old: _Version | None, new: _Version | None, bench: _Bench) -> RenderedTest:
    base, left_out = _side(test, old, bench)
    head, also_left_out = _side(test, new, bench)
    notes = [f"base has no input `{name}`; it was left out there" for name in left_out]
    notes += [f"head has no input `{name}`; it was left out there" for name in also_left_out]
    return RenderedTest(test.name, test.locale, base != head, base, head, tuple(notes))


def _side(
    test: Test, version: _Version | None, bench: _Bench
) -> tuple[RenderedSide | None, tuple[str, ...]]:
    """What one side renders to, and the inputs that it doesn't know."""
    if version is None:
        return None, ()
    prompt = version.prompt
    known = {one.name for one in prompt.inputs} | {one.name for one in prompt.placeholders()}
    own = version.tests.get(test.name, test).inputs
    # What this side needs and the test doesn't give comes from its own test of the same name.
    missing = {name: value for name, value in own.items() if name not in test.inputs}
    given: dict[str, Json] = {**missing, **test.inputs}
    fitting = {name: value for name, value in given.items() if name in known}
    left_out = tuple(name for name in given if name not in known)
    try:
        inputs = fill_inputs(prompt, fitting, bench.judge)
        rendered = render_entry(
            version.entry, version.roots, inputs, bench.worker, locale=test.locale
        )
    except InputError as problem:
        where = f" ({problem.where})" if problem.where else ""
        hint = "" if problem.where else ": " + "; ".join(problem.hint.split("\n"))
        return RenderedSide(error=f"{problem.what}{where}{hint}"), left_out
    return RenderedSide(tuple(_spoken(message) for message in rendered.messages)), left_out


def _spoken(message: RenderedMessage) -> SpokenMessage:
    return SpokenMessage(message.role, message.name, tuple(_part(part) for part in message.parts))


def _part(part: Part) -> SpokenPart:
    if isinstance(part, TextPart):
        return SpokenPart("text", part.text)
    kind = "image" if isinstance(part, ImagePart) else "file"
    return SpokenPart(kind, part.url or part.data)
