"""Moving refs: all or none, and only from the values that were planned on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from promptreg.errors import GitError, RefusedError
from promptreg.store.git.commits import Signature
from promptreg.store.git.failures import failure
from promptreg.store.git.identity import signature_variables
from promptreg.store.git.process import Answer, Call
from promptreg.store.git.repository import Repository, call
from promptreg.store.git.wire import require_oid, to_bytes, to_text

# How long to wait for another process before its lock counts as left behind.
_PATIENCE = ("core.filesRefLockTimeout=3000", "core.packedRefsTimeout=5000")
DURABLE = ("core.fsync=all",)

_REF = re.compile(r"refs/(?:heads|tags)/[^\x00-\x20\x7f~^:?*\[\\]+\Z")
_MOVED = re.compile(
    rb"cannot lock ref '(?P<ref>[^\n']*)': "
    rb"(?:is at [0-9a-f]+ but expected|reference already exists|unable to resolve reference)"
)
_BLOCKED = re.compile(rb"'(?P<there>refs/[^\n']*)' exists; cannot create '(?P<ref>[^\n']*)'")


class MovedError(RefusedError):
    """A ref is not where it was when the write was planned; nothing was changed."""


@dataclass(frozen=True, slots=True)
class RefUpdate:
    """One ref's move to `new`; "" deletes it.

    `old` is where it must stand now; "" means that it must not exist.
    """

    name: str
    new: str
    old: str = ""

    @property
    def back(self) -> RefUpdate:
        """The update that takes this one back."""
        return RefUpdate(self.name, self.old, self.new)


def update_refs(
    repo: Repository, updates: Sequence[RefUpdate], *, by: Signature, reason: str
) -> None:
    """Make all updates or none; MovedError where a ref isn't where it was expected.

    `by` and `reason` go into the reflog.
    """
    script = b"".join(map(_line, updates))
    wanted = Call(
        ("update-ref", "--stdin", "-z", "-m", _one_line(reason)),
        stdin=script,
        settings=(*DURABLE, *_PATIENCE),
        variables=signature_variables(by, by),
    )
    answer = call(repo, wanted, codes=(0, 1, 128))
    if answer.code != 0:
        raise _refusal(repo, answer)


def _line(update: RefUpdate) -> bytes:
    parts = update.name.split("/")
    if not _REF.match(update.name) or ".." in update.name or any(map(_bad_part, parts)):
        raise GitError(f"`{update.name}` is not a name for a branch or tag")
    name = to_bytes(update.name)
    if not update.new:
        return b"delete %b\0%b\0" % (name, require_oid(update.old).encode("ascii"))
    new = require_oid(update.new).encode("ascii")
    if not update.old:
        return b"create %b\0%b\0" % (name, new)
    return b"update %b\0%b\0%b\0" % (name, new, require_oid(update.old).encode("ascii"))


def _bad_part(part: str) -> bool:
    return not part or part.startswith((".", "-")) or part.endswith((".", ".lock")) or part == "@"


def _refusal(repo: Repository, answer: Answer) -> GitError | RefusedError:
    hint = "fetch, look at what changed, and run the command again"
    if match := _MOVED.search(answer.err):
        return MovedError(
            "a ref is not where it was when this was planned; nothing was changed",
            where=to_text(match["ref"]),
            hint=hint,
        )
    if match := _BLOCKED.search(answer.err):
        return RefusedError(
            f"a ref of this name can't exist beside `{to_text(match['there'])}`",
            where=to_text(match["ref"]),
            hint="rename or delete the ref that is in the way",
        )
    return failure("update-ref", answer, repo.common_dir)


def _one_line(reason: str) -> str:
    return " ".join(reason.split()) or "promptreg"
