"""The bench that tests run on, for one tree."""

from __future__ import annotations

from promptreg.checks.judging import bounded_judge
from promptreg.checks.testing import Bench
from promptreg.registry.named_files import files_named
from promptreg.registry.snapshot import Snapshot
from promptreg.store.files import FileProblem
from promptreg.store.paths import path_problem
from promptreg.store.text import decode
from promptreg.store.trees import Tree
from promptreg.worker.process import Worker


def bench_for(tree: Tree, snapshot: Snapshot, worker: Worker) -> Bench:
    """A bench that reads snapshot files from `tree`; a file that can't be read counts as missing."""
    read = _Snapshots(tree, snapshot).get
    return Bench(snapshot.configuration.template_roots, bounded_judge(worker), worker, read)


class _Snapshots:
    """The snapshot files that tests name: all are read in one go, when the first is asked for."""

    def __init__(self, tree: Tree, snapshot: Snapshot) -> None:
        self._tree = tree
        self._snapshot = snapshot
        self._contents: dict[str, bytes | FileProblem] | None = None

    def get(self, path: str) -> str | None:
        """The text at `path`, or None where there is none to use."""
        if self._contents is None:
            limit = self._snapshot.configuration.limits.template_bytes
            self._contents = dict(self._tree.read_many(self._wanted(), limit=limit))
        content = self._contents.get(path)
        return decode(path, content)[0] if isinstance(content, bytes) else None

    def _wanted(self) -> list[str]:
        named = {
            path
            for one in self._snapshot.loud_entries()
            for path in files_named(one.path, one.manifest)
        }
        return sorted(path for path in named & self._snapshot.files if not path_problem(path))
