"""Fetching, as a part of a push that the user asked for: in their own environment."""

from __future__ import annotations

from promptreg.store.git.config import upstream
from promptreg.store.git.process import Call
from promptreg.store.git.refs import refs_at
from promptreg.store.git.repository import Repository, call

_SETTINGS = ("protocol.ext.allow=never",)
_SECONDS = 600.0


def fetch(repo: Repository, remote: str) -> None:
    """Fetch the remote's branches and tags; no tag that is here is replaced.

    GitError where the remote doesn't answer, or has another tag of a name that is known here.
    """
    words = ("fetch", "--quiet", "--tags", "--no-recurse-submodules", "--no-auto-maintenance")
    program = "--upload-pack=git-upload-pack"
    wanted = Call((*words, program, "--", remote), settings=_SETTINGS, seconds=_SECONDS, own=True)
    call(repo, wanted)


def fetched_tip(repo: Repository, remote: str, branch: str) -> str:
    """Where `branch` (`refs/heads/…`) stood on the remote when last fetched; "" if unknown."""
    name = upstream(repo, branch).ref
    if not name.startswith(f"refs/remotes/{remote}/"):
        name = f"refs/remotes/{remote}/{branch.removeprefix('refs/heads/')}"
    return refs_at(repo, name).get(name, "")
