"""What `check` compares when nobody names it: hooks and CI services say it in their environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from promptreg.cli.output import in_ci
from promptreg.errors import UsageError
from promptreg.store.git.config import default_branch, push_remote
from promptreg.store.git.refs import refs
from promptreg.store.git.repository import Repository, head
from promptreg.store.git.revisions import resolve_commit


@dataclass(frozen=True, slots=True)
class Span:
    """Two revisions to compare. `note` says where the base came from; "" where it was given."""

    base: str
    head: str = "HEAD"
    note: str = ""
    everything: bool = False
    """True for a first push: there is no base, so the head is judged as a whole."""


def _as_it_is(value: str) -> str:
    return "" if not value.strip("0") else value  # 000… stands for a branch that is new


def _on_origin(value: str) -> str:
    return f"origin/{value}" if value else ""


SOURCES: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("PRE_COMMIT_FROM_REF", _as_it_is),
    ("GITHUB_BASE_REF", _on_origin),
    ("CI_MERGE_REQUEST_DIFF_BASE_SHA", _as_it_is),
)
"""Variables that name a base, the first that is set counts, and the revision that they mean."""

HEAD_VARIABLE = "PRE_COMMIT_TO_REF"
"""What a pre-push hook is asked about; it need not be what is checked out."""


def chosen_span(given: str, environ: Mapping[str, str], repo: Repository) -> Span:
    """What to compare: `given` where it isn't empty, else what `environ` or the remote says.

    Raises UsageError where nothing says it, or where a CI run would compare a commit with itself.
    """
    newest = environ.get(HEAD_VARIABLE) or "HEAD"
    if given:
        return Span(given, newest)
    for variable, revision_of in SOURCES:
        if revision := revision_of(environ.get(variable, "")):
            return Span(revision, newest, f"compared with `{revision}`, which {variable} names")
    return _by_remote(environ, newest, repo)


def _by_remote(environ: Mapping[str, str], newest: str, repo: Repository) -> Span:
    pushed_to = environ.get("PRE_COMMIT_REMOTE_NAME", "")
    remote = pushed_to or push_remote(repo, head(repo).branch) or "origin"
    if default := default_branch(repo, remote):
        base = default.removeprefix("refs/remotes/")
        # A person may well ask right after a push, but CI must not pass on comparing nothing.
        if in_ci(environ) and resolve_commit(repo, base) == resolve_commit(repo, newest):
            raise UsageError(
                f"`{base}` is the commit that is to be judged",
                hint="name what it was before with `--base`, or run this for pull requests only",
            )
        return Span(base, newest, f"compared with `{base}`, the default branch of {remote}")
    if pushed_to and not refs(repo, f"refs/remotes/{remote}"):
        return Span(newest, newest, f"{remote} has no branch yet: everything is judged", True)
    raise UsageError(
        "it isn't clear what to compare with",
        hint="name it: `--base origin/main`; "
        f"or `git remote set-head {remote} --auto` asks the remote for its default branch",
    )
