"""What manifests said in earlier runs, kept in the repository's cache."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from promptreg.registry.heads import KnownHeads
from promptreg.registry.workspace import Workspace
from promptreg.store.cache import Cache
from promptreg.store.kept_lines import Added, KeptLines
from promptreg.store.program_files import program_id


@contextlib.contextmanager
def known_heads(workspace: Workspace, *, cached: bool) -> Iterator[KnownHeads]:
    """Heads of this promptreg's earlier runs; what is new is kept where no error ends the block.

    Without `cached`, or outside git, nothing is read or kept.
    """
    repository = workspace.repository
    if repository is None or not cached:
        yield KnownHeads(dict)
        return
    lines = KeptLines(
        Cache(repository.common_dir), f"manifests of {workspace.prefix}", program_id()
    )
    heads = KnownHeads(lines.read)
    yield heads
    lines.add(Added(heads.used, heads.news.keys(), heads.news.__getitem__))
