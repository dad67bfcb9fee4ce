"""What a run finds out and a later one may know, kept in the repository's cache."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol, TypeVar

from promptreg.registry.workspace import Workspace
from promptreg.store.cache import Cache
from promptreg.store.kept_lines import Added, KeptLines
from promptreg.store.program_files import program_id


class Memory(Protocol):
    """What was kept and is asked for: names of what was `used`, and by name what is new."""

    used: set[str]

    @property
    def news(self) -> Mapping[str, Any]:
        """What wasn't kept."""


_M = TypeVar("_M", bound=Memory)


@contextlib.contextmanager
def between_runs(
    workspace: Workspace,
    topic: str,
    make: Callable[[Callable[[], Mapping[str, bytes]]], _M],
    *,
    cached: bool,
    line_of: Callable[[Any], bytes] = bytes,
) -> Iterator[_M]:
    """What `make` makes of this promptreg's earlier runs, from a function that reads the lines.

    What is new is kept, each as `line_of` writes it, where no error ends the block. Without
    `cached`, or outside git, nothing is read or kept.
    """
    repository = workspace.repository
    if repository is None or not cached:
        yield make(dict)
        return
    lines = KeptLines(Cache(repository.common_dir), f"{topic} of {workspace.prefix}", program_id())
    memory = make(lines.read)
    yield memory
    lines.add(Added(memory.used, memory.news.keys(), lambda name: line_of(memory.news[name])))
