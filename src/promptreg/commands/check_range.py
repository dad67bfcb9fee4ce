"""The two commits that `check` compares, and the registries in them."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from promptreg.errors import GitError, RegistryError
from promptreg.model.configuration import FILE, Configuration
from promptreg.registry.workspace import Workspace
from promptreg.releases.ledger import FETCH
from promptreg.store.git.config import remotes
from promptreg.store.git.listing import list_tree
from promptreg.store.git.repository import Repository
from promptreg.store.git.revisions import merge_base, resolve_commit, revision_problem
from promptreg.store.git.wire import is_oid
from promptreg.store.git.worktree import dirty_paths, require_first_commit
from promptreg.store.trees import RevisionTree

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Range:
    """What is compared: the merge-base of `asked` and `newest`, and `newest`."""

    asked: str
    newest: str
    base: RevisionTree
    head: RevisionTree
    notes: tuple[str, ...]
    """What a person should know of the choice, a sentence each."""
    tip: str
    """The commit that `asked` names now; later than the base where others merged meanwhile."""


def range_of(workspace: Workspace, asked: str, newest: str = "HEAD") -> Range:
    """What `newest` brings since it left `asked`; both are revisions.

    Raises GitError where there is no commit to compare with; its hint is the command that gets it.
    Raises RegistryError where the base's registry can't be told.
    """
    repo = workspace.git
    require_first_commit(repo)
    commit = resolve_commit(repo, newest)
    wanted = _resolved(repo, asked)
    base = _merge_base(repo, (asked, wanted), (newest, commit))
    head = RevisionTree(repo, commit, workspace.prefix)
    if FILE not in head.entries:
        raise RegistryError(
            f"{newest} has no `{FILE}`{' here' if workspace.prefix else ''}, so nothing can be judged",
            where=f"{workspace.prefix or '.'} in {head.label}",
            hint=f"commit `{FILE}`; where a change removes it, merge that without this check",
        )
    older, notes = _older(repo, base, head)
    if base == commit and asked != newest:
        notes += (f"`{asked}` holds {newest} already, so there is no change to judge",)
    return Range(asked, newest, older, head, notes, wanted)


def uncommitted(workspace: Workspace, span: Range, configuration: Configuration) -> tuple[str, ...]:
    """A note where HEAD is judged and the registry's folders hold something that it doesn't."""
    if span.newest != "HEAD":
        return ()
    prefix = workspace.prefix
    own = {*configuration.roots, *configuration.template_roots, FILE} - {"", "."}
    changed = dirty_paths(workspace.git, prefix, paths=sorted(prefix + one for one in own))
    paths = [path[len(prefix) :] for path in changed]
    if not paths:
        return ()
    some = ", ".join(f"`{path}`" for path in paths[:_SHOWN])
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    differ = "differs" if len(paths) == 1 else "differ"
    return (f"HEAD is judged, not the working tree, where {some}{more} {differ}",)


def _older(repo: Repository, base: str, head: RevisionTree) -> tuple[RevisionTree, tuple[str, ...]]:
    """The base's registry: where the head has it, else where it was before it moved."""
    older = RevisionTree(repo, base, head.prefix)
    if FILE in older.entries:
        return older, ()
    before = {entry.path for entry in list_tree(repo, base) if _is_marker(entry.path)}
    moved = (
        before - {entry.path for entry in list_tree(repo, head.commit) if _is_marker(entry.path)}
        if before
        else set()
    )
    if not moved:
        new = f"the base has no `{FILE}`: every entry is new, and the built-in defaults judge"
        return older, (new,)
    if len(moved) > 1:
        raise RegistryError(
            f"this change removes {len(moved)} registries and adds one, so none can be compared",
            where=", ".join(sorted(moved)[:_SHOWN]),
            hint="move one registry at a time",
        )
    (path,) = moved
    was = path.removesuffix(FILE)
    note = f"the registry moved from `{was or './'}` to `{head.prefix or './'}`: they are compared"
    return RevisionTree(repo, base, was), (note,)


def _is_marker(path: str) -> bool:
    return path == FILE or path.endswith("/" + FILE)


def _resolved(repo: Repository, asked: str) -> str:
    problem = revision_problem(asked)
    if problem:
        raise GitError(
            f"`--base {asked[:80]}` names no commit: {problem}",
            hint=f"`--base {_end(asked)}` compares HEAD with where it left `{_end(asked)}`"
            if _end(asked)
            else "name the branch that HEAD is to be merged into: `--base origin/main`",
        )
    try:
        return resolve_commit(repo, asked)
    except GitError as error:
        if not error.what.startswith("there is no commit"):
            raise
        raise GitError(error.what, where=error.where, hint=_found(repo, asked, error)) from None


def _end(asked: str) -> str:
    """The base of a range that was given in its place."""
    start = asked.partition("..")[0] if ".." in asked else ""
    return "" if not start or revision_problem(start) else start


def _merge_base(repo: Repository, base: tuple[str, str], head: tuple[str, str]) -> str:
    """The merge-base of two commits, each given as it was asked for and as an id."""
    where = str(repo.top_level)
    try:
        found = merge_base(repo, base[1], head[1])
    except GitError:
        if not repo.shallow:
            raise
        raise GitError(
            f"this clone is shallow, so it can't tell where {head[0]} left `{base[0]}`",
            where=where,
            hint=f"get the history: `{FETCH}` (in GitHub Actions: `fetch-depth: 0`)",
        ) from None
    if found is None:
        raise GitError(
            f"`{base[0]}` and {head[0]} share no history",
            where=where,
            hint=f"name the branch that {head[0]} was started from",
        )
    return found


def _found(repo: Repository, asked: str, problem: GitError) -> str:
    """How to name a commit that isn't here, or to get it."""
    known = remotes(repo)
    first, _, rest = asked.partition("/")
    is_remote = bool(rest) and first in known
    near = "" if is_remote or not problem.hint.startswith("did you mean") else problem.hint
    if not is_remote and "origin" not in known:
        return near or "`git branch --all` and `git tag` list what there is"
    fetch = _fetch(repo, *((first, rest) if is_remote else ("origin", asked)))
    return "\n".join(filter(None, (near, fetch)))


def _fetch(repo: Repository, remote: str, name: str) -> str:
    """The very command that gets a base that isn't here, and what to write then."""
    deepen = "--unshallow --tags " if repo.shallow else ""
    if is_oid(name):
        return f"fetch it: `git fetch {deepen}{remote} {name}`"
    name = name.removeprefix("refs/heads/")
    here = f"{remote}/{name}"
    refs = shlex.quote(f"+refs/heads/{name}:refs/remotes/{here}")
    return f"fetch it: `git fetch {deepen}{remote} {refs}`, then `--base {shlex.quote(here)}`"
