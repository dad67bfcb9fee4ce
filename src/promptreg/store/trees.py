"""Trees: read-only sets of files, wherever they come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol, TypeGuard

from promptreg.store.files import MISSING, UNREADABLE, FileProblem, FileReader, too_large
from promptreg.store.git.listing import REGULAR_MODES, TreeEntry, list_tree, ls_files
from promptreg.store.git.objects import GitObject, ObjectReader
from promptreg.store.git.repository import Repository
from promptreg.store.git.tree_reader import TreeReader
from promptreg.store.walk import walk_files


class Tree(Protocol):
    """A read-only set of files; paths are POSIX text relative to the registry's root."""

    @property
    def label(self) -> str:
        """What people call it: `working tree`, `commit 1f2e3d4c5b6a`."""

    def paths(self) -> tuple[str, ...]:
        """All files, sorted."""

    def read(self, path: str, *, limit: int) -> bytes:
        """The bytes of a file, at most `limit`; FileProblem where they can't be had."""

    def read_many(
        self, paths: Iterable[str], *, limit: int
    ) -> Iterator[tuple[str, bytes | FileProblem]]:
        """Each path with its bytes or what is wrong with it, in the order asked for."""


@dataclass(frozen=True)
class WorkTree:
    """The files on disk below `root`: tracked and not ignored ones, or all without a repository.

    They are listed once, when first asked for.
    """

    root: Path
    repository: Repository | None = None
    label: str = "working tree"

    def paths(self) -> tuple[str, ...]:
        """All files, sorted."""
        return self._listed

    def read(self, path: str, *, limit: int) -> bytes:
        """The bytes of a file, at most `limit`; FileProblem where they can't be had."""
        return only(self.read_many((path,), limit=limit))

    def read_many(
        self, paths: Iterable[str], *, limit: int
    ) -> Iterator[tuple[str, bytes | FileProblem]]:
        """Each path with its bytes or what is wrong with it, in the order asked for."""
        with FileReader(self.root) as reader:
            for path in paths:
                yield path, _attempt(reader, path, limit)

    @cached_property
    def _listed(self) -> tuple[str, ...]:
        if self.repository is None:
            return walk_files(self.root)
        prefix = self.repository.prefix_of(self.root)
        return tuple(path[len(prefix) :] for path in ls_files(self.repository, prefix))


@dataclass(frozen=True)
class RevisionTree:
    """The files of `commit` below `prefix`. Symlinks and submodules are listed, never followed.

    Trees that share a `reader` share its git process and what it knows of folders.
    """

    repository: Repository
    commit: str
    prefix: str = ""
    reader: TreeReader | None = None
    listed: Mapping[str, TreeEntry] | None = None
    """Its entries, where they are known already."""

    def held_open(self) -> RevisionTree:
        """The same files, read by one git process that ends with the tree: for many small reads."""
        if self.reader is not None:
            return self
        return replace(self, reader=TreeReader.of(self.repository), listed=self.entries)

    @property
    def label(self) -> str:
        """What people call it."""
        return f"commit {self.commit[:12]}"

    def paths(self) -> tuple[str, ...]:
        """All files, sorted."""
        return tuple(sorted(self.entries))

    def read(self, path: str, *, limit: int) -> bytes:
        """The bytes of a file, at most `limit`; `read_many` is cheaper for several."""
        return only(self.read_many((path,), limit=limit))

    def read_many(
        self, paths: Iterable[str], *, limit: int
    ) -> Iterator[tuple[str, bytes | FileProblem]]:
        """Each path with its bytes or what is wrong with it, from one git process."""
        wanted = tuple(paths)
        found = tuple((path, self.entries.get(path)) for path in wanted)
        oids = [entry.oid for _, entry in found if _is_file(entry)]
        if self.reader is not None:
            # Another read may begin before the caller has taken all of this one.
            blobs = iter(tuple(self.reader.read_many(oids, limit=limit)))
            yield from _contents(found, blobs, limit)
            return
        with ObjectReader(self.repository) as reader:
            yield from _contents(found, reader.read_many(oids, limit=limit), limit)

    @cached_property
    def entries(self) -> Mapping[str, TreeEntry]:
        """git's entries by path relative to `prefix`.

        They are listed once, when first asked for; with a `reader` only to go through them all.
        """
        if self.listed is not None:
            return self.listed
        if self.reader is not None:
            return _EntriesOnDemand(self.reader, self.commit, self.prefix)
        listed = list_tree(self.repository, self.commit, self.prefix)
        return {entry.path[len(self.prefix) :]: entry for entry in listed}


class _EntriesOnDemand(Mapping[str, TreeEntry]):
    """The entries of a commit: one that is asked for is looked up, all are listed to go through."""

    def __init__(self, reader: TreeReader, commit: str, prefix: str) -> None:
        self._reader = reader
        self._commit = commit
        self._prefix = prefix

    def __getitem__(self, path: str) -> TreeEntry:
        if "_listed" in self.__dict__:
            return self._listed[path]
        found = self._reader.find(self._commit, self._prefix + path)
        if found is None:
            raise KeyError(path)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._listed)

    def __len__(self) -> int:
        return len(self._listed)

    @cached_property
    def _listed(self) -> Mapping[str, TreeEntry]:
        listed = self._reader.list_tree(self._commit, self._prefix)
        return {entry.path[len(self._prefix) :]: entry for entry in listed}


@dataclass(frozen=True)
class MemoryTree:
    """Files given as values; text stands for its UTF-8 bytes."""

    files: Mapping[str, bytes | str]
    label: str = "memory"

    def paths(self) -> tuple[str, ...]:
        """All files, sorted."""
        return tuple(sorted(self.files))

    def read(self, path: str, *, limit: int) -> bytes:
        """The bytes of a file, at most `limit`; FileProblem where they can't be had."""
        return only(self.read_many((path,), limit=limit))

    def read_many(
        self, paths: Iterable[str], *, limit: int
    ) -> Iterator[tuple[str, bytes | FileProblem]]:
        """Each path with its bytes or what is wrong with it, in the order asked for."""
        for path in paths:
            held = self.files.get(path)
            if held is None:
                yield path, _no_file(None)
                continue
            data = held.encode("utf-8", "surrogateescape") if isinstance(held, str) else held
            yield path, data if len(data) <= limit else too_large(len(data), limit)


def _contents(
    found: Iterable[tuple[str, TreeEntry | None]], blobs: Iterator[GitObject], limit: int
) -> Iterator[tuple[str, bytes | FileProblem]]:
    for path, entry in found:
        if not _is_file(entry):
            yield path, _no_file(entry)
            continue
        blob = next(blobs)
        yield path, too_large(blob.size, limit) if blob.data is None else blob.data


def _attempt(reader: FileReader, path: str, limit: int) -> bytes | FileProblem:
    try:
        return reader.read(path, limit=limit)
    except FileProblem as problem:
        return problem


def only(found: Iterator[tuple[str, bytes | FileProblem]]) -> bytes:
    """The bytes of a single read; FileProblem raised where they can't be had."""
    ((_, answer),) = found
    if isinstance(answer, FileProblem):
        raise answer
    return answer


def _is_file(entry: TreeEntry | None) -> TypeGuard[TreeEntry]:
    return entry is not None and entry.kind == "blob" and entry.mode in REGULAR_MODES


def _no_file(entry: TreeEntry | None) -> FileProblem:
    if entry is None:
        return FileProblem(MISSING, "there is no such file")
    what = "a symbolic link" if entry.mode == "120000" else "a commit of another repository"
    return FileProblem(UNREADABLE, f"it is {what}, not a regular file")
