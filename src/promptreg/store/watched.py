"""A tree that remembers what was read of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from promptreg.store.files import FileProblem
from promptreg.store.trees import Tree, only


class WatchedTree:
    """`tree`, with a note of every file that was read: what comes of it hangs on nothing else.

    `read_of` gives, by path and limit, what was read (see `content_id`). `is_steady` is False where
    a file gave two different answers.
    """

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.read_of: dict[tuple[str, int], str] = {}
        self.is_steady = True

    @property
    def label(self) -> str:
        """What people call it."""
        return self.tree.label

    def paths(self) -> tuple[str, ...]:
        """All files, sorted."""
        return self.tree.paths()

    def read(self, path: str, *, limit: int) -> bytes:
        """The bytes of a file, at most `limit`; FileProblem where they can't be had."""
        return only(self.read_many((path,), limit=limit))

    def read_many(
        self, paths: Iterable[str], *, limit: int
    ) -> Iterator[tuple[str, bytes | FileProblem]]:
        """Each path with its bytes or what is wrong with it, in the order asked for."""
        for path, content in self.tree.read_many(paths, limit=limit):
            found = content_id(content)
            if self.read_of.setdefault((path, limit), found) != found:
                self.is_steady = False
            yield path, content


def content_id(content: bytes | FileProblem) -> str:
    """Names the bytes, or the problem: one word without line breaks."""
    if isinstance(content, FileProblem):
        said = f"{content.rule}\n{content.message}".encode("utf-8", "surrogateescape")
        return "!" + hashlib.sha256(said).hexdigest()
    return hashlib.sha256(content).hexdigest()
