"""`promptreg validate`: everything that is wrong with a registry at one point."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from promptreg.checks.bench import bench_for
from promptreg.checks.context import Context, Released
from promptreg.checks.engine import run
from promptreg.checks.involved import involves
from promptreg.checks.judging import bounded_judge
from promptreg.checks.report import Report, excerpts_of
from promptreg.checks.selection import select
from promptreg.checks.testing import run_tests
from promptreg.model.configuration import FILE, Limits
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding, Severity
from promptreg.registry.discover import classify
from promptreg.registry.load import load
from promptreg.registry.locate import located
from promptreg.registry.snapshot import Loaded, Snapshot
from promptreg.registry.workspace import Workspace
from promptreg.releases.ledger import FETCH, all_releases
from promptreg.rules.builtin import BUILTIN, descriptions
from promptreg.store import text
from promptreg.store.files import FileProblem
from promptreg.store.git.config import clone_limits
from promptreg.store.git.repository import Repository
from promptreg.store.git.revisions import resolve_commit
from promptreg.store.trees import Tree
from promptreg.worker.process import Worker

Check: TypeAlias = Callable[[Context], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked.

    `paths` (files and folders, relative to the root) narrow what is told, never what is judged;
    None means all. `revision` is a git revision, empty for the working tree. `more` are checks
    beside the built-in rules.
    """

    today: date
    paths: tuple[str, ...] | None = None
    revision: str = ""
    more: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known beside the tree: the release tags, and what to say where they aren't."""

    released: Released | None = None
    notes: tuple[str, ...] = field(default=())


def validate(workspace: Workspace, request: Request) -> Report:
    """Judge the working tree, or the revision that `request` names.

    Raises PromptregError where nothing can be judged: an unusable promptreg.yaml, an unknown
    revision. Whatever else is wrong is a finding.
    """
    if request.revision:
        tree = workspace.revision(resolve_commit(workspace.git, request.revision))
    else:
        tree = workspace.working_tree()
    return validate_tree(tree, request, lambda: _facts(workspace.repository))


def validate_tree(tree: Tree, request: Request, facts: Callable[[], Facts] = Facts) -> Report:
    """Judge any tree. `facts` is asked only where something names a release."""
    loaded = load(tree)
    snapshot = loaded.snapshot
    known_facts = facts() if _names_releases(snapshot) else Facts()
    findings = _judge(tree, loaded, request, known_facts)
    known = descriptions()
    told = findings
    if request.paths is not None:
        paths = request.paths
        told = tuple(one for one in findings if involves(one, paths, snapshot, known))
    texts = {**snapshot.texts, FILE: _configuration_text(tree)}
    placed = located(told, texts)
    kinds = Counter(_kind(path, snapshot) for path in snapshot.expected_names)
    return Report(
        tree=tree.label,
        findings=placed,
        prompts=kinds["Prompt"],
        agents=kinds["Agent"],
        elsewhere=len(set(findings) - set(told)),
        notes=(*known_facts.notes, *_unknown_paths(request.paths or (), snapshot)),
        excerpts=excerpts_of(placed, texts),
    )


def _judge(tree: Tree, loaded: Loaded, request: Request, facts: Facts) -> tuple[Finding, ...]:
    with Worker() as worker:
        context = Context(loaded.snapshot, request.today, bounded_judge(worker), facts.released)
        found = [*loaded.findings, *run(BUILTIN, context)]
        for check in request.more:
            found += check(context)
        found += _failing_tests(tree, loaded.snapshot, request, found, worker)
    return select(found, loaded.snapshot.configuration, descriptions())


def _failing_tests(
    tree: Tree,
    snapshot: Snapshot,
    request: Request,
    found: Iterable[Finding],
    worker: Worker,
) -> Iterator[Finding]:
    """The tests of sound entries; what is broken already would only fail once more."""
    wrong = {one.at.path for one in found if one.severity is Severity.ERROR}
    entries = [
        entry
        for entry in snapshot.entries.values()
        if not wrong.intersection(entry.paths) and _asked(entry, request.paths)
    ]
    for tested in run_tests(entries, bench_for(tree, snapshot, worker)):
        yield from tested.findings


def _asked(entry: Entry, paths: tuple[str, ...] | None) -> bool:
    if paths is None:
        return True
    return any(
        own == path or own.startswith(path + "/") or not path
        for own in entry.paths
        for path in paths
    )


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


def _unknown_paths(paths: Iterable[str], snapshot: Snapshot) -> tuple[str, ...]:
    return tuple(
        f"`{path}` is not among the registry's files"
        for path in paths
        if path and path not in snapshot.files and not _is_folder(path, snapshot)
    )


def _is_folder(path: str, snapshot: Snapshot) -> bool:
    return any(file.startswith(path + "/") for file in snapshot.files)


def _names_releases(snapshot: Snapshot) -> bool:
    if any(one.releases for one in snapshot.environments.values()):
        return True
    manifests = [document.data for document in snapshot.documents.values()]
    return any("prompts" in data or "variants" in data for data in manifests)


def _facts(repository: Repository | None) -> Facts:
    if repository is None:
        return Facts(notes=("without a git repository no release is known or checked",))
    limits = clone_limits(repository)
    releases = all_releases(repository)
    if not releases and (limits.shallow or limits.partial or limits.no_tags):
        note = f"this clone has no release tags: releases weren't checked; `{FETCH}` gets them"
        return Facts(notes=(note,))
    return Facts(
        {name: {one.version: one.digest for one in versions} for name, versions in releases.items()}
    )
