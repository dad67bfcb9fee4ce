"""Prompts that nothing was wrong with in earlier runs, kept in the repository's cache."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from promptreg.registry.quiet import QuietPrompts
from promptreg.registry.workspace import Workspace
from promptreg.store.cache import Cache
from promptreg.store.kept_lines import Added, KeptLines
from promptreg.store.program_files import program_id


@contextlib.contextmanager
def known_prompts(workspace: Workspace) -> Iterator[QuietPrompts]:
    """Notes of this promptreg's earlier runs; what is new is kept where no error ends the block."""
    cache = Cache(workspace.git.common_dir)
    lines = KeptLines(cache, f"prompts of {workspace.prefix}", program_id())
    quiet = QuietPrompts(lines.read)
    yield quiet
    lines.add(Added(quiet.used, quiet.news.keys(), quiet.news.__getitem__))
