"""The tags of a remote, asked for in the user's own environment and only when they want it."""

from __future__ import annotations

from promptreg.errors import GitError, UsageError
from promptreg.model.names import did_you_mean
from promptreg.store.git.config import remotes
from promptreg.store.git.process import Call
from promptreg.store.git.repository import Repository, call
from promptreg.store.git.wire import is_oid, to_text

_SETTINGS = ("protocol.ext.allow=never",)
_PEELED = "^{}"


def remote_tags(repo: Repository, remote: str) -> dict[str, str]:
    """The object that each tag (`refs/tags/…`) of a configured remote leads to.

    Raises UsageError for a remote that isn't configured, GitError where it doesn't answer.
    """
    known = remotes(repo)
    if remote not in known:
        hint = did_you_mean(remote, known) or f"there is {', '.join(known)}" if known else ""
        raise UsageError(
            f"there is no remote `{remote}`", hint=hint or "`git remote add origin URL` names one"
        )
    words = ("ls-remote", "--quiet", "--tags", "--upload-pack=git-upload-pack", "--", remote)
    answer = call(repo, Call(words, settings=_SETTINGS, own=True))
    found = {}
    for line in to_text(answer.out).split("\n")[:-1]:
        oid, _, name = line.partition("\t")
        if not is_oid(oid) or not name.startswith("refs/tags/"):
            raise GitError("git ls-remote answered a line that promptreg doesn't know")
        if not name.endswith(_PEELED):
            found[name] = oid
    return found
