"""The working tree as the next commit sees it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from promptreg.store.git.listing import tracked_files
from promptreg.store.trees import WorkTree


@dataclass(frozen=True)
class TrackedTree(WorkTree):
    """The files on disk that git tracks. A file that nobody added is not there.

    Without a repository these are all files.
    """

    label: str = "tracked files"

    def paths(self) -> tuple[str, ...]:
        """All files, sorted."""
        return self._tracked

    @cached_property
    def _tracked(self) -> tuple[str, ...]:
        listed = super().paths()
        if self.repository is None:
            return listed
        prefix = self.repository.prefix_of(self.root)
        known = {entry.path[len(prefix) :] for entry in tracked_files(self.repository, prefix)}
        return tuple(path for path in listed if path in known)
