"""A tree that remembers what was read of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from promptreg.store.files import FileProblem
from promptreg.store.git.ids import object_id
from promptreg.store.trees import Tree, only

_NOTHING: Mapping[tuple[str, int], str] = MappingProxyType({})


class WatchedTree:
    """`tree`, with a note of every file that was read: what comes of it hangs on nothing else.

    `read_of` gives, by path and limit, what was read (see `content_id`). `is_steady` is False where
    a file gave two different answers. `known` are such notes of files that are sure not to have
    changed since: where a name of the content is enough, they aren't read.
    """

    def __init__(
        self,
        tree: Tree,
        object_format: str,
        known: Mapping[tuple[str, int], str] = _NOTHING,
    ) -> None:
        self.tree = tree
        self.read_of: dict[tuple[str, int], str] = {}
        self.is_steady = True
        self._format = object_format
        self._known = known

    @property
    def label(self) -> str:
        """What people call it."""
        return self.tree.label

    @property
    def has_news(self) -> bool:
        """Whether something was read that wasn't known."""
        return not self.read_of.items() <= self._known.items()

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
            self._note(path, limit, content_id(content, self._format))
            yield path, content

    def content_ids(self, paths: Iterable[str], *, limit: int) -> dict[str, str]:
        """Each path with the `content_id` of what reading it would give."""
        found = {}
        unknown = []
        for path in paths:
            name = self._known.get((path, limit))
            if name is None:
                unknown.append(path)
            else:
                found[path] = name
                self._note(path, limit, name)
        for path, _ in self.read_many(unknown, limit=limit):
            found[path] = self.read_of[path, limit]
        return found

    def _note(self, path: str, limit: int, found: str) -> None:
        if self.read_of.setdefault((path, limit), found) != found:
            self.is_steady = False


def content_id(content: bytes | FileProblem, object_format: str) -> str:
    """Names the bytes as git does, or the problem: one word without line breaks."""
    if isinstance(content, FileProblem):
        said = f"{content.rule}\n{content.message}".encode("utf-8", "surrogateescape")
        return "!" + hashlib.sha256(said).hexdigest()
    return object_id("blob", content, object_format)
