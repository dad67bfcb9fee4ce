"""A tree in which words are looked for more than once, though each file is read once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from promptreg.store.files import FileProblem
from promptreg.store.trees import Tree, only


class SearchedTree:
    """The files of `tree`; it notes which of those that are read don't hold `words`."""

    def __init__(self, tree: Tree, words: bytes, *, without: Set[str] = frozenset()) -> None:
        self.label = tree.label
        self._tree = tree
        self._words = words
        self._without = without
        self._seen: set[str] = set()

    def rest(self) -> SearchedTree:
        """The tree as it is for who looks for the words: without the files that don't hold them."""
        return SearchedTree(self._tree, self._words, without=frozenset(self._seen))

    def paths(self) -> tuple[str, ...]:
        """All files, sorted."""
        listed = self._tree.paths()
        return (
            tuple(path for path in listed if path not in self._without) if self._without else listed
        )

    def read(self, path: str, *, limit: int) -> bytes:
        """The bytes of a file, at most `limit`; FileProblem where they can't be had."""
        return only(self.read_many((path,), limit=limit))

    def read_many(
        self, paths: Iterable[str], *, limit: int
    ) -> Iterator[tuple[str, bytes | FileProblem]]:
        """Each path with its bytes or what is wrong with it, in the order asked for."""
        for path, content in self._tree.read_many(paths, limit=limit):
            if isinstance(content, bytes) and self._words not in content:
                self._seen.add(path)
            yield path, content
