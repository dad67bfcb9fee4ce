"""What a revision names, and how commits stand to each other."""

from __future__ import annotations

import unicodedata

from promptreg.errors import GitError
from promptreg.model.names import did_you_mean
from promptreg.store.git.repository import Repository, ask, head
from promptreg.store.git.wire import require_oid, to_text

LONGEST_REVISION = 250

_WARN = ("core.warnAmbiguousRefs=true",)
_MOST_NAMES_TO_COMPARE = 5000


def resolve_commit(repo: Repository, revision: str) -> str:
    """The id of the commit that `revision` names (a tag is followed to its commit).

    One commit only: ranges, `REV:path`, searches, and names that are both a branch and a tag are
    refused.
    """
    if problem := revision_problem(revision):
        raise GitError(f"`{_short(revision)}` is no revision: {problem}")
    words = ("rev-parse", "--verify", "--end-of-options", revision + "^{commit}")
    answer = ask(repo, *words, codes=(0, 1, 128), settings=_WARN)
    if b"is ambiguous" in answer.err:
        raise GitError(
            f"`{revision}` names more than one thing",
            hint=f"write `refs/tags/{revision}` or `refs/heads/{revision}`",
        )
    if answer.code != 0 and revision == "HEAD" and not head(repo).commit:
        raise GitError(
            "this repository has no commits yet",
            where=str(repo.top_level),
            hint='`git add . && git commit -m "Start the registry"` makes the first',
        )
    if answer.code != 0:
        raise GitError(
            f"there is no commit `{_short(revision)}`",
            where=str(repo.top_level),
            hint=_hint(repo, revision),
        )
    return require_oid(to_text(answer.out.strip()))


def revision_problem(revision: str) -> str:
    """Why `revision` can't name one commit, or ""."""
    checks = (
        (not revision, "it is empty"),
        (len(revision) > LONGEST_REVISION, f"it is longer than {LONGEST_REVISION} characters"),
        (revision[:1] in {"-", "^"}, f"it begins with `{revision[:1]}`"),
        (".." in revision, "it is a range"),
        (":" in revision, "it names a path or a search"),
        ("^{/" in revision, "it is a search"),
        (revision.endswith(("^@", "^!")) or "^-" in revision, "it names several commits"),
        (any(unicodedata.category(char)[0] in "CZ" for char in revision), "it has odd characters"),
    )
    return next((problem for wrong, problem in checks if wrong), "")


def merge_base(repo: Repository, base: str, head: str) -> str | None:
    """The best common ancestor of two commits; None where they share no history."""
    words = ("merge-base", require_oid(base), require_oid(head))
    answer = ask(repo, *words, codes=(0, 1))
    if answer.code == 0:
        return require_oid(to_text(answer.out.strip()))
    _refuse_shallow(repo, "whether two commits share history")
    return None


def is_ancestor(repo: Repository, older: str, newer: str) -> bool:
    """Whether `older` is `newer` or among its ancestors."""
    words = ("merge-base", "--is-ancestor", require_oid(older), require_oid(newer))
    if ask(repo, *words, codes=(0, 1)).code == 0:
        return True
    _refuse_shallow(repo, "whether a commit comes before another")
    return False


def _refuse_shallow(repo: Repository, question: str) -> None:
    """A shallow clone can say yes, but its no is only a lack of commits."""
    if repo.shallow:
        raise GitError(
            f"this clone is shallow, so it can't tell {question}",
            where=str(repo.top_level),
            hint="run `git fetch --unshallow --tags`",
        )


def _hint(repo: Repository, revision: str) -> str:
    if repo.shallow:
        return "this clone is shallow; run `git fetch --unshallow --tags`"
    listed = ask(repo, "for-each-ref", "--format=%(refname:strip=2)", "refs/heads", "refs/remotes")
    names = to_text(listed.out).split("\n")[:-1]
    near = did_you_mean(revision, names[:_MOST_NAMES_TO_COMPARE])
    return (
        near or "`git branch --all` and `git tag` list what there is; `git fetch --tags` gets more"
    )


def _short(revision: str) -> str:
    return revision if len(revision) <= 80 else revision[:79] + "…"
