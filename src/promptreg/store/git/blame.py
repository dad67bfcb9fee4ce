"""Which commit last wrote each line of a file."""

from __future__ import annotations

import re
from dataclasses import dataclass

from promptreg.errors import GitError
from promptreg.store.git.repository import Repository, ask
from promptreg.store.git.wire import require_oid, to_text

_HEAD = re.compile(rb"([0-9a-f]{40,64}) \d+ (\d+)(?: \d+)?\Z")
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_LETTERS = {
    b"a": b"\a",
    b"b": b"\b",
    b"f": b"\f",
    b"n": b"\n",
    b"r": b"\r",
    b"t": b"\t",
    b"v": b"\v",
}


@dataclass(frozen=True, slots=True)
class BlamedLine:
    """A line (counted from 1, without its line feed), its commit, and the file's name there."""

    number: int
    commit: str
    path: str
    text: str


def blame(repo: Repository, commit: str, path: str) -> tuple[BlamedLine, ...]:
    """The lines of `path` in `commit`, through renames of the whole file."""
    # Without these git runs the repository's textconv, and skips the commits that a file named by
    # `blame.ignoreRevsFile` lists.
    flags = ("--line-porcelain", "--no-textconv", "--ignore-revs-file=", "--root")
    answer = ask(repo, "blame", *flags, require_oid(commit), "--", path)
    return _parse(answer.out)


def _parse(data: bytes) -> tuple[BlamedLine, ...]:
    found = []
    oid, number, name = "", 0, b""
    for line in data.split(b"\n")[:-1]:
        if line.startswith(b"\t"):
            if not oid or not name:
                raise _unknown()
            found.append(BlamedLine(number, oid, to_text(_unquote(name)), to_text(line[1:])))
            oid = ""
        elif not oid:
            match = _HEAD.match(line)
            if match is None:
                raise _unknown()
            oid, number, name = match[1].decode("ascii"), int(match[2]), b""
        elif line.startswith(b"filename "):
            name = line.removeprefix(b"filename ")
    return tuple(found)


def _unquote(name: bytes) -> bytes:
    """Undo git's C quoting of an odd path."""
    if not (name.startswith(b'"') and name.endswith(b'"') and len(name) > 1):
        return name
    return _ESCAPE.sub(_unescape, name[1:-1])


def _unescape(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8)]) if len(code) == 3 else _LETTERS.get(code, code)


def _unknown() -> GitError:
    return GitError("git blame answered a line that promptreg doesn't know")
