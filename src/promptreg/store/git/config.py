"""The repository's own settings: remotes, upstream, and what its clone lacks."""

from __future__ import annotations

from dataclasses import dataclass

from promptreg.store.git.refs import ref_fields, ref_fields_and_broken
from promptreg.store.git.repository import Repository, ask
from promptreg.store.git.wire import to_text

_CLONE_KEYS = r"^(extensions\.partialclone|remote\..*\.(promisor|tagopt))$"


@dataclass(frozen=True, slots=True)
class CloneLimits:
    """What a clone may lack. Where one is true, an empty answer is not to be trusted."""

    shallow: bool
    partial: bool
    no_tags: bool


@dataclass(frozen=True, slots=True)
class Upstream:
    """Where a branch is pulled from and pushed to; "" where nothing is configured."""

    ref: str
    remote: str
    push_remote: str


def settings(repo: Repository, pattern: str) -> tuple[tuple[str, str], ...]:
    """(key, value) of the repository's settings whose key matches `pattern`, in their order.

    Section and last word of a key are in lower case. A key without a value counts as `true`.
    """
    words = ("config", "--local", "--includes", "-z", "--get-regexp", pattern)
    answer = ask(repo, *words, codes=(0, 1))
    found = []
    for record in to_text(answer.out).split("\0")[:-1]:
        key, mark, value = record.partition("\n")
        found.append((key, value if mark else "true"))
    return tuple(found)


def clone_limits(repo: Repository) -> CloneLimits:
    """What the clone was told to leave out."""
    found = settings(repo, _CLONE_KEYS)
    return CloneLimits(
        shallow=repo.shallow,
        partial=any(
            key == "extensions.partialclone" or (key.endswith(".promisor") and value != "false")
            for key, value in found
        ),
        no_tags=any(key.endswith(".tagopt") and value == "--no-tags" for key, value in found),
    )


def remotes(repo: Repository) -> tuple[str, ...]:
    """The names of the remotes, sorted."""
    keys = (key for key, _ in settings(repo, r"^remote\..*\.(url|pushurl)$"))
    return tuple(sorted({key.split(".", 1)[1].rpartition(".")[0] for key in keys}))


def upstream(repo: Repository, branch: str) -> Upstream:
    """The upstream of `branch` (`refs/heads/…`)."""
    fields = ("refname", "upstream", "upstream:remotename", "push:remotename")
    for name, *values in ref_fields(repo, (branch,), fields):
        if name == branch:
            return Upstream(*values)
    return Upstream("", "", "")


def push_remote(repo: Repository, branch: str = "") -> str:
    """The remote that a push of `branch` goes to: its own, else `origin`, else the only one.

    "" where that isn't clear.
    """
    known = remotes(repo)
    chosen = upstream(repo, branch).push_remote if branch else ""
    if chosen:
        return chosen
    if "origin" in known:
        return "origin"
    return known[0] if len(known) == 1 else ""


def default_branch(repo: Repository, remote: str) -> str:
    """What was last known as the default branch of `remote`, as `refs/remotes/…`; "" if unknown."""
    name = f"refs/remotes/{remote}/HEAD"
    # A branch that the remote has renamed leaves a name that leads nowhere, which is unknown too.
    found, _ = ref_fields_and_broken(repo, (name,), ("refname", "symref"))
    return next((target for ref, target in found if ref == name), "")
