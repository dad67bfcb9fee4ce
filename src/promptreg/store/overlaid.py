"""A tree as it would be after an edit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from promptreg.store.files import FileProblem, too_large
from promptreg.store.trees import Tree, only


@dataclass(frozen=True, slots=True)
class OverlaidTree:
    """`base` with other bytes for some files; None takes a file away."""

    base: Tree
    changes: Mapping[str, bytes | None]

    @property
    def label(self) -> str:
        """What people call it."""
        return self.base.label

    def paths(self) -> tuple[str, ...]:
        """All files, sorted."""
        gone = {path for path, content in self.changes.items() if content is None}
        return tuple(sorted({*self.base.paths(), *self.changes} - gone))

    def read(self, path: str, *, limit: int) -> bytes:
        """The bytes of a file, at most `limit`; FileProblem where they can't be had."""
        return only(self.read_many((path,), limit=limit))

    def read_many(
        self, paths: Iterable[str], *, limit: int
    ) -> Iterator[tuple[str, bytes | FileProblem]]:
        """Each path with its bytes or what is wrong with it, in the order asked for."""
        wanted = tuple(paths)
        rest = self.base.read_many(
            [path for path in wanted if path not in self.changes], limit=limit
        )
        for path in wanted:
            if path not in self.changes:
                yield next(rest)
                continue
            data = self.changes[path]
            if data is None:
                yield path, FileProblem("missing", "there is no such file")
            else:
                yield path, data if len(data) <= limit else too_large(len(data), limit)
