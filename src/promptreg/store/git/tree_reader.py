"""Listing many commits through one git process: what they share is read once."""

from __future__ import annotations

import re
import weakref
from collections.abc import Iterable, Iterator

from promptreg.errors import GitError
from promptreg.store.git.listing import TreeEntry
from promptreg.store.git.objects import GitObject, ObjectReader
from promptreg.store.git.repository import Repository
from promptreg.store.git.wire import require_oid, to_bytes, to_text

_LIMIT = 32 * 1024 * 1024
_MOST_FILES = 1_000_000
"""Trees that hold one another many times over would list more files than any disk holds."""
_FOLDER, _SUBMODULE = "40000", "160000"


class TreeReader:
    """Reads trees and files; every object is what its id promises. Whoever gave `reader` closes it."""

    def __init__(self, reader: ObjectReader) -> None:
        self._reader = reader
        self._known: dict[str, tuple[tuple[str, str, str], ...]] = {}
        self._named: dict[str, dict[bytes, tuple[bytes, bytes]]] = {}
        self._roots: dict[str, str] = {}

    @classmethod
    def of(cls, repo: Repository) -> TreeReader:
        """One with a git process of its own, which ends with it."""
        reader = ObjectReader(repo)
        made = cls(reader)
        weakref.finalize(made, reader.close)
        return made

    def read_many(self, oids: Iterable[str], *, limit: int) -> Iterator[GitObject]:
        """Like the ObjectReader's."""
        return self._reader.read_many(oids, limit=limit)

    def list_tree(self, commit: str, prefix: str = "") -> tuple[TreeEntry, ...]:
        """All files of `commit` below `prefix`, like `listing.list_tree`. Raises GitError."""
        tree = self._root(commit)
        for part in prefix.split("/")[:-1]:
            folders = {name: oid for mode, name, oid in self._tree(tree) if mode == _FOLDER}
            if part not in folders:
                return ()
            tree = folders[part]
        found: list[TreeEntry] = []
        waiting = [(prefix, tree)]
        while waiting:
            folder, oid = waiting.pop()
            for mode, name, inner in self._tree(oid):
                if mode == _FOLDER:
                    waiting.append((f"{folder}{name}/", inner))
                else:
                    kind = "commit" if mode == _SUBMODULE else "blob"
                    found.append(TreeEntry(mode, kind, inner, folder + name))
            if len(found) + len(waiting) > _MOST_FILES:
                raise GitError(f"the commit {commit} lists more than {_MOST_FILES:,} files")
        return tuple(found)

    def find(self, commit: str, path: str) -> TreeEntry | None:
        """The file of `commit` at `path`, or None. Only the folders on the way are read."""
        tree = self._root(commit)
        *folders, last = path.split("/")
        for folder in folders:
            mode, tree = self._named_in(tree, folder)
            if mode != _FOLDER:
                return None
        mode, oid = self._named_in(tree, last)
        if mode in {"", _FOLDER}:
            return None
        return TreeEntry(mode, "commit" if mode == _SUBMODULE else "blob", oid, path)

    def _named_in(self, tree: str, name: str) -> tuple[str, str]:
        """The mode and object of one name in a tree; the mode is "" where there is none."""
        if tree not in self._named:
            rows = _rows(tree, self._read(tree, "tree"))
            self._named[tree] = {found: (mode, oid) for mode, found, oid in rows}
        mode, oid = self._named[tree].get(to_bytes(name), (b"", b""))
        return to_text(mode).lstrip("0"), oid.hex()

    def _root(self, commit: str) -> str:
        if commit not in self._roots:
            head = to_text(self._read(commit, "commit")).partition("\n")[0]
            word, _, oid = head.partition(" ")
            if word != "tree":
                raise GitError(f"the commit {commit} names no tree", hint="run `git fsck`")
            self._roots[commit] = require_oid(oid)
        return self._roots[commit]

    def _tree(self, oid: str) -> tuple[tuple[str, str, str], ...]:
        """(mode, name, object) of what a tree holds, folders included."""
        if oid not in self._known:
            self._known[oid] = _entries(oid, self._read(oid, "tree"))
        return self._known[oid]

    def _read(self, oid: str, kind: str) -> bytes:
        found = self._reader.read(oid, limit=_LIMIT)
        if found.kind != kind or found.data is None:
            raise GitError(f"the object {oid} is no {kind} that can be read", hint="run `git fsck`")
        return found.data


def _entries(oid: str, data: bytes) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (to_text(mode).lstrip("0"), to_text(name), inner.hex())
        for mode, name, inner in _rows(oid, data)
    )


def _rows(oid: str, data: bytes) -> list[tuple[bytes, bytes, bytes]]:
    """(mode, name, object) as they stand in a tree; one expression for all is quicker than a loop."""
    size = len(oid) // 2
    rows: list[tuple[bytes, bytes, bytes]] = _ROW[size].findall(data)
    # What the expression would skip is missing here: each row has a blank, a NUL and an id besides.
    if sum(len(mode) + len(name) for mode, name, _ in rows) + (size + 2) * len(rows) != len(data):
        raise GitError(f"git can't read the tree {oid}", hint="run `git fsck`")
    return rows


_ROW = {size: re.compile(rb"([^ \0]*) ([^\0]+)\0(.{%d})" % size, re.DOTALL) for size in (20, 32)}
