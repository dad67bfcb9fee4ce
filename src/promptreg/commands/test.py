"""`test`: run the tests that manifests declare."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from promptreg.checks.bench import bench_for
from promptreg.checks.report import Report, excerpts_of
from promptreg.checks.testing import Tested, run_tests
from promptreg.errors import UsageError
from promptreg.model.entry import Entry
from promptreg.model.selector import WorkingTree, parse_selector
from promptreg.registry.load import load, load_entry
from promptreg.registry.locate import located
from promptreg.registry.snapshot import Snapshot
from promptreg.registry.workspace import Workspace
from promptreg.releases.resolve import entry_of
from promptreg.store.atomic import write_file
from promptreg.store.git.revisions import resolve_commit
from promptreg.store.trees import Tree
from promptreg.worker.process import Worker


@dataclass(frozen=True, slots=True)
class TestRun:
    """What running tests came to."""

    __test__ = False  # the name is no invitation to pytest

    report: Report
    ran: int
    failed: int
    broken: tuple[str, ...]
    """Manifests that can't be loaded, so that their tests didn't run."""
    updated: tuple[str, ...]
    """Snapshot files that were written."""


def run_declared_tests(
    workspace: Workspace,
    names: Sequence[str] = (),
    *,
    revision: str = "",
    update: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> TestRun:
    """Run the tests of the named entries, or of all.

    `update` writes snapshot files that differ; it needs the working tree. `progress` is told the
    name of each entry before its tests run. Raises SelectorError for an unknown name.
    """
    tree = _tree(workspace, revision, update=update)
    snapshot, entries, broken = _chosen(tree, names)
    with Worker() as worker:
        bench = bench_for(tree, snapshot, worker)
        tested: list[Tested] = []
        for entry in entries:
            progress(entry.name)
            tested += run_tests((entry,), bench)
    updated = _update(workspace, tested) if update else ()
    findings = located(
        (
            finding
            for one in tested
            for finding in one.findings
            if not (update and _is_snapshot(one, finding.at.route))
        ),
        snapshot.texts,
    )
    failed = {(finding.entry, finding.key) for finding in findings}
    report = Report(
        tree=tree.label,
        findings=findings,
        prompts=sum(entry.kind == "Prompt" for entry in entries),
        agents=sum(entry.kind == "Agent" for entry in entries),
        excerpts=excerpts_of(findings, snapshot.texts),
    )
    return TestRun(report, len(tested), len(failed), broken, updated)


def _tree(workspace: Workspace, revision: str, *, update: bool) -> Tree:
    if not revision:
        return workspace.working_tree()
    if update:
        raise UsageError("`--update` writes files, so it can't be used with `--rev`")
    return workspace.revision(resolve_commit(workspace.git, revision))


def _chosen(
    tree: Tree, names: Sequence[str]
) -> tuple[Snapshot, tuple[Entry, ...], tuple[str, ...]]:
    for name in names:
        selector = parse_selector(name)
        if not isinstance(selector.point, WorkingTree):
            raise UsageError(
                f"`{name}` names a version", hint="`--rev REV` tests another commit's files"
            )
    loaded = load_entry(tree, names[0]) if len(names) == 1 else load(tree)
    snapshot = loaded.snapshot
    if names:
        entries = tuple(entry_of(loaded, name, tree.label) for name in dict.fromkeys(names))
        return snapshot, entries, ()
    usable = {entry.path for entry in snapshot.entries.values()}
    broken = tuple(sorted(set(snapshot.expected_names) - usable))
    return snapshot, tuple(snapshot.entries.values()), broken


def _is_snapshot(tested: Tested, route: tuple[str | int, ...]) -> bool:
    return bool(tested.snapshots) and route[-1:] == ("snapshot",)


def _update(workspace: Workspace, tested: list[Tested]) -> tuple[str, ...]:
    """Write the snapshots that differ; a final newline is added, as editors have it."""
    updated = []
    for one in tested:
        failing = any(_is_snapshot(one, finding.at.route) for finding in one.findings)
        for path, text in one.snapshots if failing else ():
            write_file(workspace.root, path, _with_newline(text))
            updated.append(path)
    return tuple(updated)


def _with_newline(text: str) -> bytes:
    return (text if text.endswith("\n") else text + "\n").encode()
