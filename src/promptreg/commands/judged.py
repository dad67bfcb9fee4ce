"""Judging a tree: what the loader, the rules and the declared tests find in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import partial
from typing import cast

from promptreg.checks.bench import bench_for
from promptreg.checks.context import Context, Released
from promptreg.checks.engine import run
from promptreg.checks.involved import involves, touches, with_folders
from promptreg.checks.judging import bounded_judge
from promptreg.checks.outcomes import Outcomes, key_of_tests
from promptreg.checks.quiet import Lone, Verdict, lone_prompts, sound_prompts, still_told
from promptreg.checks.report import Report, excerpts_of
from promptreg.checks.rule import Rule
from promptreg.checks.selection import select
from promptreg.checks.spread_tests import FoundByTests, findings_of_tests
from promptreg.checks.testing import FOUND, Bench
from promptreg.checks.testing import RULE as TEST
from promptreg.commands.validate import Request
from promptreg.model.agent import Agent
from promptreg.model.configuration import FILE, Limits
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding, Severity
from promptreg.model.prompt import Prompt
from promptreg.model.version import Version
from promptreg.registry.discover import classify
from promptreg.registry.facts import Facts
from promptreg.registry.late import late
from promptreg.registry.load import load
from promptreg.registry.locate import located
from promptreg.registry.quiet import QuietPrompts
from promptreg.registry.snapshot import Loaded, Snapshot
from promptreg.releases.known import KnownReleases, read_pinned
from promptreg.rules.builtin import BUILTIN, descriptions
from promptreg.rules.undeclared_input import UndeclaredInput
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
    lone: Mapping[str, Lone]
    """Prompts about which nothing was found but what is about them alone, by path."""
    is_repeatable: bool = True
    """False where the worker gave up on something, which depends on the machine."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What earlier runs found out; what this one does is added."""

    tests: Outcomes = field(default_factory=Outcomes)
    """Tests with an outcome aren't run again."""
    facts: Facts | None = None
    """What texts say."""
    quiet: QuietPrompts | None = None
    """Prompts that nothing is wrong with."""


def judge_tree(
    tree: Tree,
    request: Request,
    releases: Callable[[], KnownReleases] = KnownReleases,
    earlier: Earlier | None = None,
) -> Judged:
    """The findings of a tree, whatever the paths that are asked about."""
    earlier = earlier or Earlier()
    loaded = load(tree, settings=request.settings, facts=earlier.facts, quiet=earlier.quiet)
    return judge_loaded(tree, loaded, request, releases, earlier)


def judge_loaded(
    tree: Tree,
    loaded: Loaded,
    request: Request,
    releases: Callable[[], KnownReleases],
    earlier: Earlier | None = None,
) -> Judged:
    """The findings of a tree that was loaded before, by the settings that are asked for."""
    released = releases() if _names_releases(loaded.snapshot) else KnownReleases()
    read_pinned(released, _pins(loaded.snapshot))
    earlier = earlier or Earlier()
    found = _judge(tree, loaded, request, released.digests, earlier)
    known = loaded.snapshot.texts
    texts = late({FILE: _configuration_text(tree)}, known, known.__getitem__)
    return Judged(
        tree, loaded, found.findings, texts, released.note, found.lone, found.is_repeatable
    )


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
        elsewhere=len(set(findings) - set(told)) + _left_out(snapshot, request),
        notes=tuple(filter(None, (judged.note, *_unknown_paths(request.paths, snapshot)))),
        excerpts=excerpts_of(placed, judged.texts),
        manifests=tuple(_asked(sorted(snapshot.expected_names), request)),
    )


def _left_out(snapshot: Snapshot, request: Request) -> int:
    """How many findings there are about prompts that nobody asks about, and that weren't judged."""
    if request.paths is None:
        return 0
    return sum(one.wrong.count for one in snapshot.quiet.values())


@dataclass(frozen=True, slots=True)
class _Found:
    """The findings as they weigh here; for the rest see Judged."""

    findings: tuple[Finding, ...]
    lone: Mapping[str, Lone]
    is_repeatable: bool


def _judge(
    tree: Tree, loaded: Loaded, request: Request, released: Released | None, earlier: Earlier
) -> _Found:
    snapshot = loaded.snapshot
    with Worker() as worker:
        judge = bounded_judge(worker, earlier.facts)
        context = Context(snapshot, request.today, judge, released)
        found = [*loaded.findings, *run(_rules(request.only), context)]
    bench_of = partial(bench_for, tree, snapshot)
    tells = earlier.quiet is not None and earlier.quiet.tells
    known = tuple(snapshot.quiet.values()) if tells else ()
    wrong = {one.at.path for one in found if one.severity is Severity.ERROR}
    wrong |= {path for one in known if one.wrong.told for path in one.wrong.told.errors}
    testable = _testable(snapshot, request, wrong) if _has_tests(request.only) else ()
    tested = _tested(testable, bench_of, earlier.tests)
    gave_up = worker.gave_up + tested.gave_up
    found += (one for findings in tested.of for one in findings)
    told = select(found, snapshot.configuration, descriptions())
    lone: Mapping[str, Lone] = {}
    if earlier.quiet is not None and request.only is None and not gave_up:
        verdict = Verdict(found, told, _OF_ONE, FOUND)
        sound = sound_prompts(testable, verdict)
        rest = [one for one in snapshot.loud_entries() if one.path not in sound]
        lone = lone_prompts(rest, testable, verdict)
        earlier.quiet.add({**sound, **{path: one.wrong for path, one in lone.items()}})
    return _Found((*told, *still_told(known, wrong, FOUND)), lone, is_repeatable=gave_up == 0)


_OF_ONE = frozenset(
    (*(rule.id for rule in BUILTIN if rule.sees_one_entry), UndeclaredInput.id, TEST)
)
"""Ids of rules whose findings about an entry hang on that entry alone."""


def _rules(only: frozenset[str] | None) -> Iterable[type[Rule]]:
    """All of them where tests run: what is broken isn't tested."""
    return (
        BUILTIN if only is None or _has_tests(only) else [one for one in BUILTIN if one.id in only]
    )


def _has_tests(only: frozenset[str] | None) -> bool:
    return only is None or not only.isdisjoint(FOUND)


def _testable(snapshot: Snapshot, request: Request, wrong: Set[str]) -> tuple[Entry, ...]:
    """The sound entries that aren't quiet; what is broken would only fail once more."""
    asked = None if request.paths is None else frozenset(request.paths)
    return tuple(
        entry
        for entry in snapshot.loud_entries()
        if wrong.isdisjoint(entry.paths)
        and (asked is None or touches(entry.paths, asked))
        and (request.tested is None or entry.name in request.tested)
    )


def _tested(
    entries: Iterable[Entry], bench_of: Callable[[Worker], Bench], known: Outcomes
) -> FoundByTests:
    """What the tests of `entries` find, or found before."""
    keys: dict[str, Entry] = {}
    before: list[tuple[Finding, ...]] = []
    with Worker() as worker:  # never started: a bench only reads here
        bench = bench_of(worker)
        for entry in entries:
            if isinstance(entry.manifest, Prompt) and entry.manifest.tests:
                key = key_of_tests(entry, bench)
                findings = known.get(key)
                if findings is None:
                    keys[key] = entry
                else:
                    before.append(findings)
    tested = findings_of_tests(tuple(keys.values()), bench_of)
    for key, findings in zip(keys, tested.of, strict=True):
        if not (findings and tested.gave_up):
            known.add(key, findings)
    return FoundByTests((*before, *tested.of), tested.gave_up)


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
        for entry in snapshot.loud_entries()
        if isinstance(entry.manifest, Agent)
        for reference in entry.manifest.selectors
    ]
    for document in snapshot.loud_documents():
        variants = cast("list[dict[str, str]]", document.data.get("variants", []))
        selectors += [variant["selector"] for variant in variants]
    return any("@" in text or ":/" in text for text in selectors)
