"""Commits and their order. Order is ancestry, never the clock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from promptreg.errors import GitError
from promptreg.store.git.repository import Repository, ask
from promptreg.store.git.wire import is_oid, require_oid, to_text

_FIELDS = ("%H", "%P", "%an", "%ae", "%ad", "%cn", "%ce", "%cd", "%B")
_FORMAT = "--format=" + "".join(f"{name}%x00" for name in _FIELDS)
_TRAILER = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*): ?(.*)\Z")
_DATE = re.compile(r"(-?\d{1,18}) ([+-]\d{4,6})\Z")


@dataclass(frozen=True, slots=True)
class Signature:
    """Who and when: seconds since 1970 in UTC, and the zone it was written in (`+0200`)."""

    name: str
    email: str
    seconds: int
    zone: str


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit as it stands in the history; replacements and grafts are ignored."""

    oid: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    message: str

    @property
    def subject(self) -> str:
        """The first paragraph on one line."""
        return " ".join(self.message.lstrip("\n").split("\n\n", 1)[0].split("\n")).strip()

    @property
    def body(self) -> str:
        """What follows the first paragraph."""
        return self.message.lstrip("\n").partition("\n\n")[2].strip("\n")

    @property
    def trailers(self) -> tuple[tuple[str, str], ...]:
        """The `Key: value` lines at its end."""
        return trailers(self.message)


def rev_list(
    repo: Repository,
    commit: str,
    *,
    paths: Sequence[str] = (),
    excluding: Sequence[str] = (),
    first_parent: bool = False,
    limit: int | None = None,
) -> tuple[Commit, ...]:
    """`commit` and its ancestors, newest first, children before their parents.

    Only those that touch `paths` (taken literally) where given, none that `excluding` reaches, at
    most `limit`.
    """
    flags = ["--topo-order", "--no-commit-header", "--date=raw", _FORMAT]
    if first_parent:
        flags.append("--first-parent")
    if limit is not None:
        flags.append(f"--max-count={limit}")
    ends = [require_oid(commit), *(f"^{require_oid(oid)}" for oid in excluding)]
    answer = ask(repo, "rev-list", *flags, *ends, "--", *paths)
    return _parse(to_text(answer.out))


def read_commit(repo: Repository, commit: str) -> Commit:
    """One commit."""
    return rev_list(repo, commit, limit=1)[0]


def read_commits(repo: Repository, commits: Iterable[str]) -> dict[str, Commit]:
    """Many commits by their ids, from one process."""
    said = "".join(f"{require_oid(oid)}\n" for oid in dict.fromkeys(commits)).encode("ascii")
    if not said:
        return {}
    words = ("--no-walk=unsorted", "--no-commit-header", "--date=raw", _FORMAT, "--stdin")
    answer = ask(repo, "rev-list", *words, stdin=said)
    return {commit.oid: commit for commit in _parse(to_text(answer.out))}


def trailers(message: str) -> tuple[tuple[str, str], ...]:
    """The trailers of a message in their order, folded lines joined.

    They are its last paragraph, if that is not also its first and every line is one.
    """
    paragraphs = re.split(r"\n[ \t]*\n", message.replace("\r\n", "\n").strip("\n"))
    found: list[tuple[str, str]] = []
    if len(paragraphs) < 2:
        return ()
    for line in paragraphs[-1].strip("\n").split("\n"):
        match = _TRAILER.match(line)
        if match:
            found.append((match[1], match[2].strip()))
        elif line[:1] in {" ", "\t"} and found:
            key, value = found[-1]
            found[-1] = (key, f"{value} {line.strip()}".strip())
        else:
            return ()
    return tuple(found)


def _parse(text: str) -> tuple[Commit, ...]:
    values = text.split("\0")
    count = len(_FIELDS)
    if values.pop() not in {"", "\n"} or len(values) % count:
        raise GitError("git rev-list answered a line that promptreg doesn't know")
    starts = range(0, len(values), count)
    return tuple(_commit(values[start : start + count]) for start in starts)


def _commit(values: list[str]) -> Commit:
    oid = values[0].removeprefix("\n")
    if not is_oid(oid):
        raise GitError("git rev-list answered a line that promptreg doesn't know")
    return Commit(
        oid=oid,
        parents=tuple(values[1].split()),
        author=_signature(oid, *values[2:5]),
        committer=_signature(oid, *values[5:8]),
        message=values[8],
    )


def _signature(oid: str, name: str, email: str, date: str) -> Signature:
    match = _DATE.match(date)
    if match is None:
        raise GitError(f"the commit {oid} has no readable date", hint="run `git fsck`")
    return Signature(name, email, int(match[1]), match[2])
