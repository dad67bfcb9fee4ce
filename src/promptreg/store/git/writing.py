"""Putting objects into the repository. An object that no ref names changes nothing for anyone."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from promptreg.store.git.commits import Signature
from promptreg.store.git.identity import signature_variables
from promptreg.store.git.packing import pack_of_tags, tag_ids
from promptreg.store.git.process import Call
from promptreg.store.git.repository import Repository, ask, call
from promptreg.store.git.transaction import DURABLE
from promptreg.store.git.wire import require_oid, to_bytes, to_text

TEMPORARY = "promptreg-index-"
"""How the folders of passing indexes in the git folder begin."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file's new contents in a commit; None removes it. `path` is relative to the top level."""

    path: str
    data: bytes | None


@dataclass(frozen=True, slots=True)
class NewCommit:
    """A commit to be made on top of `parent` ("" for the first): those files differ, no others."""

    parent: str
    changes: tuple[FileChange, ...]
    message: str
    author: Signature
    committer: Signature


def hash_object(repo: Repository, data: bytes) -> str:
    """Store `data` as a blob, exactly as it is; its id."""
    answer = ask(repo, "hash-object", "-w", "--no-filters", "--stdin", stdin=data, settings=DURABLE)
    return _oid(answer.out)


def make_tag(repo: Repository, content: bytes) -> str:
    """Store a tag object, checked strictly by git; its id. The ref is `update_refs`' part."""
    return _oid(ask(repo, "mktag", "--strict", stdin=content, settings=DURABLE).out)


def make_tags(repo: Repository, contents: Sequence[bytes]) -> tuple[str, ...]:
    """Store tag objects as `make_tag` does; their ids, in order.

    Many go in as one pack, which git takes as a whole or not at all: a process for each would take
    most of the time.
    """
    if len(contents) < _MANY:
        return tuple(make_tag(repo, content) for content in contents)
    pack = pack_of_tags(contents, repo.object_format)
    ask(repo, "index-pack", "--stdin", _AS_STRICT_AS_MKTAG, stdin=pack, settings=DURABLE)
    return tag_ids(contents, repo.object_format)


_MANY = 16
_AS_STRICT_AS_MKTAG = "--strict=badTagName=error,missingTaggerEntry=error,extraHeaderEntry=error"


def make_commit(
    repo: Repository, wanted: NewCommit, sign: Callable[[bytes], bytes] | None = None
) -> str:
    """Store a commit; its id. Neither a branch nor the user's index nor a file on disk changes.

    `sign` makes the signature block over the commit as it is without one.
    """
    tree = _tree_with(repo, wanted.parent, wanted.changes)
    parents = ("-p", require_oid(wanted.parent)) if wanted.parent else ()
    request = Call(
        ("commit-tree", "--no-gpg-sign", *parents, "-F", "-", tree),
        stdin=to_bytes(wanted.message),
        settings=(*DURABLE, "i18n.commitEncoding=UTF-8"),
        variables=signature_variables(wanted.author, wanted.committer),
    )
    oid = _oid(call(repo, request).out)
    return oid if sign is None else _signed(repo, oid, sign)


def index_lines(repo: Repository, changes: Iterable[FileChange], modes: dict[str, str]) -> bytes:
    """Input for `update-index -z --index-info`; stores the blobs."""
    lines = []
    nothing = "0" * (64 if repo.object_format == "sha256" else 40)
    for change in changes:
        if change.data is None:
            lines.append(f"0 {nothing}\t{change.path}\0")
        else:
            mode = modes.get(change.path, "100644")
            lines.append(f"{mode} {hash_object(repo, change.data)}\t{change.path}\0")
    return to_bytes("".join(lines))


def modes_in(repo: Repository, commit: str, changes: Iterable[FileChange]) -> dict[str, str]:
    """The modes that the files of `changes` have in `commit`, so that an edit keeps them."""
    paths = [change.path for change in changes]
    if not commit or not paths:
        return {}
    answer = ask(repo, "ls-tree", "-z", "--full-tree", require_oid(commit), *paths)
    records = (record.partition("\t") for record in to_text(answer.out).split("\0")[:-1])
    pairs = ((path, head.split(" ")[0]) for head, _, path in records)
    return {path: mode for path, mode in pairs if mode in {"100644", "100755"}}


def _tree_with(repo: Repository, parent: str, changes: tuple[FileChange, ...]) -> str:
    lines = index_lines(repo, changes, modes_in(repo, parent, changes))
    with tempfile.TemporaryDirectory(prefix=TEMPORARY, dir=repo.git_dir) as folder:
        index = to_text(os.fsencode(Path(folder) / "index"))
        start = require_oid(parent) if parent else "--empty"
        for words, stdin in (
            (("read-tree", start), b""),
            (("update-index", "--add", "-z", "--index-info"), lines),
        ):
            call(repo, Call(words, stdin=stdin, variables=(("GIT_INDEX_FILE", index),)))
        written = call(
            repo,
            Call(("write-tree",), settings=DURABLE, variables=(("GIT_INDEX_FILE", index),)),
        )
    return _oid(written.out)


def _signed(repo: Repository, oid: str, sign: Callable[[bytes], bytes]) -> str:
    """The commit once more, with a signature as git puts it: the last of its headers."""
    payload = ask(repo, "cat-file", "commit", oid).out
    name = b"gpgsig" if repo.object_format == "sha1" else b"gpgsig-sha256"
    block = b"\n ".join(sign(payload).rstrip(b"\n").split(b"\n"))
    headers, _, message = payload.partition(b"\n\n")
    content = b"%b\n%b %b\n\n%b" % (headers, name, block, message)
    words = ("hash-object", "-t", "commit", "-w", "--no-filters", "--stdin")
    return _oid(ask(repo, *words, stdin=content, settings=DURABLE).out)


def _oid(said: bytes) -> str:
    return require_oid(to_text(said.strip()))
