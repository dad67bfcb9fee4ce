"""What texts said in earlier runs, kept in the repository's cache."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from promptreg.registry.facts import KeptFacts, line_of
from promptreg.registry.workspace import Workspace
from promptreg.store.cache import Cache
from promptreg.store.kept_lines import Added, KeptLines
from promptreg.store.program_files import program_id


@contextlib.contextmanager
def known_facts(workspace: Workspace, *, cached: bool) -> Iterator[KeptFacts]:
    """Facts of this promptreg's earlier runs; what is new is kept where no error ends the block.

    Without `cached`, or outside git, nothing is read or kept.
    """
    repository = workspace.repository
    if repository is None or not cached:
        yield KeptFacts(dict)
        return
    cache = Cache(repository.common_dir)
    lines = KeptLines(cache, f"texts of {workspace.prefix}", program_id())
    facts = KeptFacts(lines.read)
    yield facts
    lines.add(Added(facts.used, facts.news.keys(), lambda name: line_of(facts.news[name])))
