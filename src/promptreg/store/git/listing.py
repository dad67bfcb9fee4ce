"""Which files there are: in a commit, and in the working tree."""

from __future__ import annotations

import os
from dataclasses import dataclass

from promptreg.errors import GitError
from promptreg.store.git.repository import Repository, ask
from promptreg.store.git.wire import require_oid, split_nul, to_bytes

REGULAR_MODES = frozenset({"100644", "100755", "100664"})
"""Modes of plain files; 120000 is a symlink, 160000 a commit of another repository."""


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One file of a commit. `kind` is `blob` or `commit`; `size` is -1 where it wasn't asked for."""

    mode: str
    kind: str
    oid: str
    path: str
    size: int = -1


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One file that git tracks; a `stage` above 0 is one side of an unfinished merge.

    `absent_on_purpose`: a sparse checkout left it out.
    """

    mode: str
    oid: str
    stage: int
    path: str
    absent_on_purpose: bool


@dataclass(frozen=True, slots=True)
class WorkingFiles:
    """The files of the working tree: tracked, deleted from disk, and neither tracked nor ignored."""

    tracked: tuple[IndexEntry, ...]
    deleted: frozenset[str]
    untracked: tuple[str, ...]


def list_tree(
    repo: Repository, commit: str, prefix: str = "", *, sizes: bool = False
) -> tuple[TreeEntry, ...]:
    """All files of `commit` below `prefix`, in git's order."""
    flags = ("-r", "-z", "--full-tree", *(("-l",) if sizes else ()))
    below = (prefix.rstrip("/"),) if prefix else ()
    answer = ask(repo, "ls-tree", *flags, "--end-of-options", require_oid(commit), *below)
    entries = tuple(_tree_entry(record) for record in split_nul(answer.out))
    return tuple(entry for entry in entries if entry.path.startswith(prefix))


def ls_files(repo: Repository, prefix: str = "") -> tuple[str, ...]:
    """The files on disk below `prefix` that git tracks or doesn't ignore, sorted, each once.

    A repository inside this one is not looked into.
    """
    found = working_files(repo, prefix)
    names = {entry.path for entry in found.tracked if not _left_out(repo, entry)}
    names -= found.deleted
    names.update(found.untracked)
    return tuple(sorted(names))


def working_files(repo: Repository, prefix: str = "") -> WorkingFiles:
    """What `ls_files` is made of, from one run of git."""
    flags = ("-z", "-t", "-s", "-c", "-o", "-d", "--exclude-standard", "--full-name")
    below = (prefix.rstrip("/"),) if prefix else ()
    tracked: list[IndexEntry] = []
    deleted: set[str] = set()
    untracked: list[str] = []
    for record in split_nul(ask(repo, "ls-files", *flags, "--", *below).out):
        tag, rest = record[:1], record[2:]
        if tag == "?":
            if not rest.endswith("/"):
                untracked.append(rest)
            continue
        entry = _index_entry(tag, rest)
        if tag == "R":
            deleted.add(entry.path)
        else:
            tracked.append(entry)
    return WorkingFiles(tuple(tracked), frozenset(deleted), tuple(untracked))


def on_disk(repo: Repository, path: str) -> bytes:
    """Where `path` of the repository lies on disk."""
    return os.path.join(os.fsencode(repo.top_level), to_bytes(path))  # noqa: PTH118 - Path can't hold bytes


def _left_out(repo: Repository, entry: IndexEntry) -> bool:
    return entry.absent_on_purpose and not os.path.lexists(on_disk(repo, entry.path))


def _tree_entry(record: str) -> TreeEntry:
    head, _, path = record.partition("\t")
    words = head.split()
    if len(words) not in {3, 4} or not path:
        raise GitError("git ls-tree answered a line that promptreg doesn't know")
    size = int(words[3]) if len(words) == 4 and words[3].isdigit() else -1
    return TreeEntry(words[0], words[1], require_oid(words[2]), path, size)


def _index_entry(tag: str, rest: str) -> IndexEntry:
    head, _, path = rest.partition("\t")
    words = head.split(" ")
    if len(words) != 3 or not path or not words[2].isdigit():
        raise GitError("git ls-files answered a line that promptreg doesn't know")
    return IndexEntry(words[0], require_oid(words[1]), int(words[2]), path, tag == "S")
