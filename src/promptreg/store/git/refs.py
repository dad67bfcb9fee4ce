"""Listing refs with one process, however many there are."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from promptreg.errors import GitError
from promptreg.store.git.repository import Repository, ask
from promptreg.store.git.wire import to_text

_FIELD = re.compile(r"\*?[a-z]+(:[a-z0-9=,-]+)?\Z")
_BROKEN = re.compile(
    rb"warning: ignoring (?:broken|dangling symref|ref with broken name) ?(?:ref )?(.*)\Z"
)


@dataclass(frozen=True, slots=True)
class Ref:
    """A ref, the object it names, and what that leads to.

    For an annotated tag `kind` is `tag`, and `target` and `target_kind` are what it tags (which may
    be a tag again); for others they are "".
    """

    name: str
    oid: str
    kind: str
    target: str
    target_kind: str


def refs(repo: Repository, *patterns: str) -> tuple[Ref, ...]:
    """The refs below or matching `patterns` (`refs/tags`, `refs/tags/a/b@v*`), sorted by name."""
    fields = ("refname", "objectname", "objecttype", "*objectname", "*objecttype")
    return tuple(Ref(*values) for values in ref_fields(repo, patterns, fields))


def ref_fields(
    repo: Repository, patterns: tuple[str, ...], fields: tuple[str, ...]
) -> tuple[tuple[str, ...], ...]:
    """The given `for-each-ref` fields of each ref. A broken ref among them is a GitError."""
    found, broken = ref_fields_and_broken(repo, patterns, fields)
    if broken:
        raise GitError(
            f"the ref `{broken[0]}` is broken",
            where=str(repo.common_dir),
            hint="run `git fsck`; then delete the ref's file and fetch it again",
        )
    return found


def refs_id(repo: Repository, pattern: str) -> str:
    """Names the refs below `pattern` and what they point to, broken ones too, in 64 hex digits."""
    answer = ask(repo, "for-each-ref", "--format=%(objectname) %(refname)", "--", pattern)
    return hashlib.sha256(answer.out + b"\0" + answer.err).hexdigest()


def ref_fields_and_broken(
    repo: Repository, patterns: tuple[str, ...], fields: tuple[str, ...]
) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """The fields, and the names of refs that git can't read.

    Only `refname` and `objectname` can be had of a ref whose object is missing; other fields make
    that a GitError.
    """
    for pattern in patterns:
        if not pattern.startswith("refs/"):
            raise GitError(f"`{pattern}` is not a full ref name")
    for name in fields:
        if not _FIELD.match(name):
            raise GitError(f"`{name}` is not a field of a ref")
    # A field may hold line breaks, but no git text holds NUL.
    shape = "".join(f"%({name})%00" for name in fields)
    answer = ask(repo, "for-each-ref", f"--format={shape}", "--", *patterns)
    return _records(answer.out, len(fields)), _broken(answer.err)


def refs_at(repo: Repository, *patterns: str) -> dict[str, str]:
    """The object that each ref below or matching `patterns` leads to."""
    rows = ref_fields(repo, patterns, ("refname", "objectname"))
    return {name: oid for name, oid in rows}  # noqa: C416 - mypy knows pairs only so


def ref_exists(repo: Repository, name: str) -> bool:
    """Whether a ref of exactly this full name exists."""
    return any(found == name for (found,) in ref_fields(repo, (name,), ("refname",)))


def _records(data: bytes, count: int) -> tuple[tuple[str, ...], ...]:
    if not data:
        return ()
    values = to_text(data).split("\0")
    if values.pop() != "\n" or len(values) % count:
        raise GitError("git for-each-ref answered a line that promptreg doesn't know")
    columns = [values[at::count] for at in range(count)]
    # The line break that ended the row before.
    columns[0][1:] = [value.removeprefix("\n") for value in columns[0][1:]]
    return tuple(zip(*columns, strict=True))


def _broken(said: bytes) -> tuple[str, ...]:
    names = []
    for line in said.split(b"\n"):
        match = _BROKEN.match(line)
        if match:
            names.append(to_text(match[1]))
        elif line:
            raise GitError(f"git for-each-ref complained: {to_text(line)[:200]}")
    return tuple(names)
