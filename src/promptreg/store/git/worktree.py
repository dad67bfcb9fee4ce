"""What the working tree and the index hold that HEAD doesn't. Contents decide, never flags."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence

from promptreg.errors import GitError
from promptreg.store.git.ids import object_id
from promptreg.store.git.listing import IndexEntry, on_disk, tracked_files
from promptreg.store.git.repository import Head, Repository, ask, head
from promptreg.store.git.wire import below, split_nul, to_text


def dirty_paths(
    repo: Repository, prefix: str = "", *, paths: Sequence[str] = ()
) -> tuple[str, ...]:
    """Tracked files below `prefix` that differ from HEAD, in the index or on disk, sorted.

    Only `paths` where given. Every file is read, so neither time stamps nor `assume-unchanged` hide
    a change. Line ends alone are no difference: checkouts may have CRLF. Untracked files are not
    among them.
    """
    dirty = set(staged_paths(repo, prefix, paths=paths))
    for entry in tracked_files(repo, prefix, paths=paths):
        if entry.path not in dirty and (entry.stage > 0 or _differs(repo, entry)):
            dirty.add(entry.path)
    return tuple(sorted(dirty))


def staged_paths(
    repo: Repository, prefix: str = "", *, paths: Sequence[str] = ()
) -> tuple[str, ...]:
    """The files below `prefix`, or of `paths`, that the index holds otherwise than HEAD, sorted."""
    wanted = tuple(paths) or below(prefix)
    base = head(repo).commit or _empty_tree(repo)
    flags = ("--cached", "-r", "-z", "--name-only", "--no-renames", "--ignore-submodules=none")
    return tuple(sorted(split_nul(ask(repo, "diff-index", *flags, base, "--", *wanted).out)))


def checked_out_branches(repo: Repository) -> tuple[str, ...]:
    """The branches (`refs/heads/…`) that are checked out, here or in a linked worktree."""
    fields = split_nul(ask(repo, "worktree", "list", "--porcelain", "-z").out)
    names = (field.removeprefix("branch ") for field in fields if field.startswith("branch "))
    return tuple(sorted(names))


def require_first_commit(repo: Repository) -> Head:
    """HEAD; GitError where nothing has been committed yet."""
    found = head(repo)
    if not found.commit:
        raise GitError(
            "this repository has no commits yet",
            where=str(repo.top_level),
            hint="commit something: `git add . && git commit`",
        )
    return found


def holds(repo: Repository, path: str, oid: str) -> bool:
    """Whether the file on disk has the contents of a blob; "" means that nothing is there."""
    place = on_disk(repo, path)
    if not oid:
        return not os.path.lexists(place)
    return _same_content(repo, place, oid)


def _differs(repo: Repository, entry: IndexEntry) -> bool:
    place = on_disk(repo, entry.path)
    try:
        mode = os.lstat(place).st_mode
    except OSError:
        return not entry.absent_on_purpose
    if entry.mode == "160000":
        return not stat.S_ISDIR(mode)
    if entry.mode == "120000":
        if not stat.S_ISLNK(mode):
            return True
        target = os.readlink(place)  # noqa: PTH115 - Path can't hold bytes
        return object_id("blob", target, repo.object_format) != entry.oid
    return not stat.S_ISREG(mode) or not _same_content(repo, place, entry.oid)


def _same_content(repo: Repository, place: bytes, oid: str) -> bool:
    try:
        file = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    with os.fdopen(file, "rb") as stream:
        data = stream.read()
    return object_id("blob", data, repo.object_format) == oid or (
        b"\r\n" in data
        and object_id("blob", data.replace(b"\r\n", b"\n"), repo.object_format) == oid
    )


def _empty_tree(repo: Repository) -> str:
    return to_text(ask(repo, "hash-object", "-t", "tree", "--stdin").out.strip())
