"""The bench that tests run on, for one tree."""

from __future__ import annotations

from promptreg.checks.judging import bounded_judge
from promptreg.checks.testing import Bench
from promptreg.registry.snapshot import Snapshot
from promptreg.store.files import FileProblem
from promptreg.store.paths import path_problem
from promptreg.store.text import decode
from promptreg.store.trees import Tree
from promptreg.worker.process import Worker


def bench_for(tree: Tree, snapshot: Snapshot, worker: Worker) -> Bench:
    """A bench that reads snapshot files from `tree`; a file that can't be read counts as missing."""
    limit = snapshot.configuration.limits.template_bytes

    def read(path: str) -> str | None:
        if path not in snapshot.files or path_problem(path):
            return None
        try:
            return decode(path, tree.read(path, limit=limit))[0]
        except FileProblem:
            return None

    return Bench(snapshot.configuration.template_roots, bounded_judge(worker), worker, read)
