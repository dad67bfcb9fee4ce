"""Environments as committed: what they point to now, before, and at a moment."""

from __future__ import annotations

from dataclasses import dataclass

from promptreg.errors import GitError, RefusedError, SelectorError
from promptreg.model.configuration import Configuration, Limits
from promptreg.model.environment import Environment, Pin, environment_path
from promptreg.model.names import nearest
from promptreg.registry.workspace import Workspace
from promptreg.releases.environment_text import read_environment_text
from promptreg.releases.environment_versions import EnvironmentVersions
from promptreg.store.files import FileProblem
from promptreg.store.git.commits import Commit, rev_list
from promptreg.store.git.file_versions import file_versions
from promptreg.store.git.objects import ObjectReader
from promptreg.store.git.refs import ref_fields
from promptreg.store.git.repository import Repository, head
from promptreg.store.git.tree_reader import TreeReader
from promptreg.store.trees import RevisionTree


@dataclass(frozen=True, slots=True)
class Line:
    """The branch whose files say what runs where, and its newest commit."""

    ref: str
    """`refs/heads/…`, `refs/remotes/…`, or empty where HEAD is detached."""
    commit: str


@dataclass(frozen=True, slots=True)
class Move:
    """An entry that a commit pointed elsewhere; None is `nothing`."""

    environment: str
    name: str
    before: Pin | None
    after: Pin | None
    commit: Commit
    suspended: str = ""
    """Why it was taken out for the time being; empty where it wasn't."""


@dataclass(frozen=True, slots=True)
class Freeze:
    """Why nothing may be promoted to an environment, and the commit that says so."""

    reason: str
    commit: Commit


def environments_line(workspace: Workspace, configuration: Configuration) -> Line:
    """Where environments are read: their own branch, else what is checked out.

    A branch of its own is read here, or as last fetched from a remote. Raises GitError where there
    is no commit to read.
    """
    branch = configuration.environments_branch
    if not branch:
        return checked_out_line(workspace.git)
    own = f"refs/heads/{branch}"
    rows = ref_fields(workspace.git, (own, f"refs/remotes/*/{branch}"), ("refname", "objectname"))
    there = {ref: commit for ref, commit in rows if ref == own or ref.startswith("refs/remotes/")}
    ref = next((one for one in (own, f"refs/remotes/origin/{branch}") if one in there), "")
    if not ref and len(there) > 1:
        raise GitError(
            f"more than one remote has a branch `{branch}`",
            where=", ".join(there),
            hint=f"`git branch {branch} REMOTE/{branch}` says which one counts here",
        )
    if not there:
        raise GitError(
            f"there is no branch `{branch}`, which `promptreg.yaml` names for environments",
            hint=f"`git fetch origin {branch}:refs/remotes/origin/{branch}` gets it, "
            f"`git branch {branch}` starts it",
        )
    ref = ref or next(iter(there))
    return Line(ref, there[ref])


def checked_out_line(repo: Repository) -> Line:
    """What is checked out. Raises GitError where nothing was committed yet."""
    now = head(repo)
    if not now.commit:
        raise GitError(
            "this repository has no commits yet",
            where=str(repo.top_level),
            hint='`git add . && git commit -m "Start the registry"` makes the first',
        )
    return Line(now.branch, now.commit)


def read_environment(workspace: Workspace, configuration: Configuration, name: str) -> Environment:
    """A committed environment; empty where it is configured and nothing was promoted yet.

    Raises SelectorError where no such environment is known, RefusedError where its file is broken.
    """
    return environment_at(
        workspace, configuration, name, environments_line(workspace, configuration).commit
    )


def environment_at(
    workspace: Workspace,
    configuration: Configuration,
    name: str,
    commit: str,
    trees: TreeReader | None = None,
) -> Environment:
    """The same at a commit of the environments' branch.

    Whoever reads several gives the `trees` that they share.
    """
    limit = configuration.limits.environment_bytes
    try:
        content = _read_at(workspace, commit, name, limit, trees)
    except FileProblem as problem:
        if problem.rule != "missing":
            raise RefusedError(
                f"`{environment_path(name)}` can't be read: {problem.message}",
                where=f"commit {commit[:12]}",
            ) from None
        if name in configuration.environments:
            return Environment(name, {})
        raise unknown_environment(configuration, name) from None
    return read_environment_text(name, content)


def _read_at(
    workspace: Workspace, commit: str, name: str, limit: int, trees: TreeReader | None = None
) -> bytes:
    """The bytes of an environment's file; nothing but the folders on the way to it is listed."""
    trees = trees or TreeReader.of(workspace.git)
    tree = RevisionTree(workspace.git, commit, workspace.prefix, trees)
    return tree.read(environment_path(name), limit=limit)


def unknown_environment(configuration: Configuration, name: str) -> SelectorError:
    """The error for an environment that nobody declared; it names the nearest ones."""
    known = configuration.environments
    near = nearest(name, known) or tuple(known)
    listed = ", ".join(f"`{one}`" for one in near)
    return SelectorError(
        f"there is no environment `{name}`",
        where="`environments:` in promptreg.yaml",
        hint=f"there is {listed}" if listed else "declare it in promptreg.yaml",
    )


def moves(
    workspace: Workspace, commit: str, name: str, *, limit: int | None = None
) -> tuple[Move, ...]:
    """What happened to an environment up to `commit`, newest first, along first parents.

    A broken version of the file counts as one that says nothing new.
    """
    found: list[Move] = []
    before: dict[str, Pin] = {}
    for one, state in reversed(_course(workspace, commit, name, limit)):
        if state is None:
            continue
        after = state.releases
        for entry in _moved(before, after):
            out = state.suspended.get(entry)
            why = out.reason if out else ""
            found.append(Move(name, entry, before.get(entry), after.get(entry), one, why))
        before = after
    return tuple(reversed(found))


def _moved(before: dict[str, Pin], after: dict[str, Pin]) -> list[str]:
    """The names that point elsewhere, sorted. Most share their pin, which is told at a glance."""
    there = before.get
    moved = [name for name, pin in after.items() if (was := there(name)) is not pin and was != pin]
    return sorted([*moved, *(before.keys() - after.keys())])


def freeze_at(workspace: Workspace, commit: str, name: str) -> Freeze | None:
    """What freezes an environment at `commit`, and since when; None where nothing does.

    A broken version of the file says nothing new.
    """
    try:
        content = _read_at(workspace, commit, name, Limits().environment_bytes)
    except FileProblem:
        return None
    now = EnvironmentVersions(name).read(content)
    if now is not None and now.frozen is None:
        return None  # nearly always, and no history has to be read
    known = [(one, state) for one, state in _course(workspace, commit, name) if state is not None]
    reason = known[0][1].frozen if known else None
    if reason is None:
        return None
    since = known[0][0]
    for one, state in known:
        if state.frozen != reason:
            break
        since = one
    return Freeze(reason, since)


def reason_of(move: Move) -> str:
    """Why an entry was moved, as its commit's trailer says, else the file."""
    return dict(move.commit.trailers).get("Promptreg-Reason", "") or move.suspended


def _course(
    workspace: Workspace, commit: str, name: str, limit: int | None = None
) -> list[tuple[Commit, Environment | None]]:
    """The commits that changed an environment, newest first, and what each made of it.

    None is a broken version of the file.
    """
    path = workspace.prefix + environment_path(name)
    commits = rev_list(workspace.git, commit, paths=(path,), first_parent=True, limit=limit)
    return list(zip(commits, _states(workspace, commits, path, name), strict=True))


def _states(
    workspace: Workspace, commits: tuple[Commit, ...], path: str, name: str
) -> list[Environment | None]:
    blobs = file_versions(workspace.git, commits, path)
    limit = Limits().environment_bytes
    known: dict[str, Environment | None] = {"": Environment(name, {})}
    versions = EnvironmentVersions(name)
    with ObjectReader(workspace.git) as reader:
        wanted = sorted(set(blobs) - {""})
        for read in reader.read_many(wanted, limit=limit):
            known[read.oid] = versions.read(read.data)
    return [known[blob] for blob in blobs]
