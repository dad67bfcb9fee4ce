"""Judging a tree: what the loader, the rules and the declared tests find in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import cast

from promptreg.checks.bench import bench_for
from promptreg.checks.context import Context, Released
from promptreg.checks.engine import run
from promptreg.checks.involved import involves, touches, with_folders
from promptreg.checks.judging import bounded_judge
from promptreg.checks.passed_tests import PassedTests, key_of_tests
from promptreg.checks.report import Report, excerpts_of
from promptreg.checks.rule import Rule
from promptreg.checks.selection import select
from promptreg.checks.spread_tests import findings_of_tests
from promptreg.checks.testing import FOUND, Bench
from promptreg.commands.validate import Request
from promptreg.model.agent import Agent
from promptreg.model.configuration import FILE, Limits
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding, Severity
from promptreg.model.prompt import Prompt
from promptreg.model.version import Version
from promptreg.registry.discover import classify
from promptreg.registry.facts import Facts
from promptreg.registry.load import load
from promptreg.registry.locate import located
from promptreg.registry.snapshot import Loaded, Snapshot
from promptreg.releases.known import KnownReleases, read_pinned
from promptreg.rules.builtin import BUILTIN, descriptions
from promptreg.store import text
from promptreg.store.files import FileProblem
from promptreg.store.trees import Tree
from promptreg.worker.process import Worker


@dataclass(frozen=True, slots=True)
class Judged:
    """A tree, what is wrong with it, and what its places are looked up in."""

    tree: Tree
    loaded: Loaded
    findings: tuple[Finding, ...]
    """As they weigh in this registry; without lines yet."""
    texts: Mapping[str, str]
    note: str
    """What was not judged, and why."""
    is_repeatable: bool = True
    """False where the worker gave up on something, which depends on the machine."""


def judge_tree(
    tree: Tree,
    request: Request,
    releases: Callable[[], KnownReleases] = KnownReleases,
    passed: PassedTests | None = None,
    facts: Facts | None = None,
) -> Judged:
    """The findings of a tree, whatever the paths that are asked about.

    Tests that are among `passed` aren't run again; those that pass now are added to it. `facts`
    may know what its texts say.
    """
    loaded = load(tree, settings=request.settings, facts=facts)
    return judge_loaded(tree, loaded, request, releases, passed, facts)


def judge_loaded(
    tree: Tree,
    loaded: Loaded,
    request: Request,
    releases: Callable[[], KnownReleases],
    passed: PassedTests | None = None,
    facts: Facts | None = None,
) -> Judged:
    """The findings of a tree that was loaded before, by the settings that are asked for."""
    released = releases() if _names_releases(loaded.snapshot) else KnownReleases()
    read_pinned(released, _pins(loaded.snapshot))
    passed = PassedTests() if passed is None else passed
    findings, is_repeatable = _judge(tree, loaded, request, released.digests, passed, facts)
    texts = {**loaded.snapshot.texts, FILE: _configuration_text(tree)}
    return Judged(tree, loaded, findings, texts, released.note, is_repeatable)


def report_of(judged: Judged, findings: tuple[Finding, ...], request: Request) -> Report:
    """A report of some findings of a judged tree: those that concern the paths asked about."""
    snapshot = judged.loaded.snapshot
    told = findings
    if request.paths is not None:
        paths, known = frozenset(request.paths), descriptions()
        told = tuple(one for one in findings if involves(one, paths, snapshot, known))
    placed = located(told, judged.texts)
    kinds = Counter(_kind(path, snapshot) for path in snapshot.expected_names)
    return Report(
        tree=judged.tree.label,
        findings=placed,
        prompts=kinds["Prompt"],
        agents=kinds["Agent"],
        elsewhere=len(set(findings) - set(told)),
        notes=tuple(filter(None, (judged.note, *_unknown_paths(request.paths, snapshot)))),
        excerpts=excerpts_of(placed, judged.texts),
        manifests=tuple(_asked(sorted(snapshot.expected_names), request)),
    )


def _judge(
    tree: Tree,
    loaded: Loaded,
    request: Request,
    released: Released | None,
    passed: PassedTests,
    facts: Facts | None,
) -> tuple[tuple[Finding, ...], bool]:
    """The findings as they weigh here, and whether another run is sure to make the same."""
    snapshot = loaded.snapshot
    with Worker() as worker:
        context = Context(snapshot, request.today, bounded_judge(worker, facts), released)
        found = [*loaded.findings, *run(_rules(request.only), context)]
    bench_of = partial(bench_for, tree, snapshot)
    testable = _testable(snapshot, request, found) if _has_tests(request.only) else ()
    failing, gave_up = _failing_tests(testable, bench_of, passed)
    weighed = select([*found, *failing], snapshot.configuration, descriptions())
    return weighed, worker.gave_up + gave_up == 0


def _rules(only: frozenset[str] | None) -> Iterable[type[Rule]]:
    """All of them where tests run: what is broken isn't tested."""
    return (
        BUILTIN if only is None or _has_tests(only) else [one for one in BUILTIN if one.id in only]
    )


def _has_tests(only: frozenset[str] | None) -> bool:
    return only is None or not only.isdisjoint(FOUND)


def _testable(snapshot: Snapshot, request: Request, found: Iterable[Finding]) -> tuple[Entry, ...]:
    """The sound entries; what is broken already would only fail once more."""
    wrong = {one.at.path for one in found if one.severity is Severity.ERROR}
    asked = None if request.paths is None else frozenset(request.paths)
    return tuple(
        entry
        for entry in snapshot.entries.values()
        if not wrong.intersection(entry.paths) and (asked is None or touches(entry.paths, asked))
    )


def _failing_tests(
    entries: Iterable[Entry], bench_of: Callable[[Worker], Bench], passed: PassedTests
) -> tuple[list[Finding], int]:
    """Their findings, and how often the worker gave up."""
    keys: dict[str, Entry] = {}
    with Worker() as worker:  # never started: a bench only reads here
        bench = bench_of(worker)
        for entry in entries:
            if isinstance(entry.manifest, Prompt) and entry.manifest.tests:
                key = key_of_tests(entry, bench)
                if not passed.has(key):
                    keys[key] = entry
    tested = findings_of_tests(tuple(keys.values()), bench_of)
    for key, findings in zip(keys, tested.of, strict=True):
        if not findings:
            passed.add(key)
    return [one for findings in tested.of for one in findings], tested.gave_up


def _asked(paths: Iterable[str], request: Request) -> Iterable[str]:
    if request.paths is None:
        return paths
    asked = frozenset(request.paths)
    return (path for path in paths if touches((path,), asked))


def _configuration_text(tree: Tree) -> str:
    """Its text, for places only: it was read and judged when the registry was loaded."""
    try:
        content = tree.read(FILE, limit=Limits().manifest_bytes)
    except FileProblem:
        return ""
    return text.decode(FILE, content)[0] or ""


def _kind(path: str, snapshot: Snapshot) -> str:
    found = classify(path, snapshot.configuration.roots)
    return found.kind if found else ""


def _unknown_paths(paths: tuple[str, ...] | None, snapshot: Snapshot) -> Iterator[str]:
    if not paths:
        return
    known = {"", FILE}.union(*map(with_folders, snapshot.files))
    for path in paths:
        if path not in known:
            yield f"`{path}` is not among the registry's files"


def _pins(snapshot: Snapshot) -> Iterator[tuple[str, Version]]:
    for environment in snapshot.environments.values():
        for _, name, pin in environment.lines():
            yield name, pin.version


def _names_releases(snapshot: Snapshot) -> bool:
    if any(one.releases or one.suspended for one in snapshot.environments.values()):
        return True
    selectors = [
        reference.text
        for entry in snapshot.entries.values()
        if isinstance(entry.manifest, Agent)
        for reference in entry.manifest.selectors
    ]
    for document in snapshot.documents.values():
        variants = cast("list[dict[str, str]]", document.data.get("variants", []))
        selectors += [variant["selector"] for variant in variants]
    return any("@" in text or ":/" in text for text in selectors)
