"""Running the tests that manifests declare: render with inputs, then judge what came out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from promptreg.checks.expectations import Subject, unmet
from promptreg.checks.judging import Judge
from promptreg.errors import InputError
from promptreg.model.data import Route
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding, Location, Severity
from promptreg.model.message import RenderedMessage
from promptreg.model.prompt import Prompt, Test
from promptreg.registry.rendering import RenderError, fill_inputs, render_entry
from promptreg.templates.names import folder_of
from promptreg.worker.process import Worker

RULE = "test-failed"
_LIMIT = "limit-exceeded"
FOUND = frozenset({RULE, _LIMIT})
"""The ids of what tests find."""
MOST_TESTS = 1000
"""Tests of one prompt that are run; more is a finding."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What running tests takes."""

    roots: tuple[str, ...]
    judge: Judge
    worker: Worker
    read: Callable[[str], str | None]
    """The text of a file in the registry, for snapshots."""


@dataclass(frozen=True, slots=True)
class Tested:
    """One test that was run, and the findings where it failed."""

    entry: str
    test: str
    findings: tuple[Finding, ...]
    snapshots: tuple[tuple[str, str], ...] = ()
    """(path in the registry, rendered text) of each snapshot expectation."""


def run_tests(entries: Iterable[Entry], bench: Bench) -> Iterable[Tested]:
    """Every test of every prompt among `entries`, in their order."""
    for entry in entries:
        if isinstance(entry.manifest, Prompt):
            tests = entry.manifest.tests
            for test in tests[:MOST_TESTS]:
                yield run_test(entry, test, bench)
            if len(tests) > MOST_TESTS:
                message = f"{len(tests)} tests; only the first {MOST_TESTS} are run"
                yield Tested(entry.name, "", (_limit(entry, message),))


def run_test(entry: Entry, test: Test, bench: Bench) -> Tested:
    """One test. A prompt that can't be rendered fails it."""
    try:
        prompt = entry.manifest
        if not isinstance(prompt, Prompt):
            raise TypeError(f"`{entry.name}` is no prompt")
        inputs = fill_inputs(prompt, test.inputs, bench.judge)
        rendered = render_entry(entry, bench.roots, inputs, bench.worker, locale=test.locale)
    except RenderError as problem:
        found = _finding(entry, test, problem.failure.message, ())
        if problem.failure.path:
            related = replace(problem.at, note="the template")
            found = replace(found, related=(related,))
        return Tested(entry.name, test.name, (found,))
    except InputError as problem:
        message = problem.hint.split("\n")[0] or problem.what
        return Tested(entry.name, test.name, (_finding(entry, test, message, ("inputs",)),))
    return _judged(entry, test, rendered.messages, bench)


def _judged(
    entry: Entry, test: Test, messages: tuple[RenderedMessage, ...], bench: Bench
) -> Tested:
    folder = folder_of(entry.path)

    def snapshot(name: str) -> str | None:
        return bench.read(f"{folder}/{name}" if folder else name)

    subject = Subject(messages, bench.judge, snapshot)
    findings = [
        _finding(entry, test, problem, expectation.route[len(test.route) :])
        for expectation in test.expect
        if (problem := unmet(expectation, subject))
    ]
    snapshots = tuple(
        (f"{folder}/{expectation.value}" if folder else str(expectation.value), text)
        for expectation in test.expect
        if expectation.kind == "snapshot"
        for text in (subject.text(expectation.role),)
    )
    return Tested(entry.name, test.name, tuple(findings), snapshots)


def _finding(entry: Entry, test: Test, message: str, route: Route) -> Finding:
    return Finding(
        RULE,
        Severity.ERROR,
        f"the test `{test.name}` fails: {message}",
        Location(entry.path, (*test.route, *route)),
        entry=entry.name,
        key=test.name,
    )


def _limit(entry: Entry, message: str) -> Finding:
    at = Location(entry.path, ("tests",))
    return Finding(_LIMIT, Severity.ERROR, message, at, entry=entry.name)
