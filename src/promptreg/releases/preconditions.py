"""What must hold before anything is released."""

from __future__ import annotations

from collections.abc import Iterable

from promptreg.errors import GitError, RefusedError
from promptreg.model.configuration import Configuration
from promptreg.model.entry import Entry
from promptreg.registry.workspace import Workspace
from promptreg.releases.environments import environment_at, environments_line
from promptreg.releases.ledger import FETCH_TAGS, released_versions, require_history
from promptreg.store.git.config import clone_limits
from promptreg.store.git.repository import head
from promptreg.store.git.revisions import resolve_commit
from promptreg.store.git.worktree import dirty_paths


def release_commit(workspace: Workspace, configuration: Configuration, revision: str) -> str:
    """The commit to release from: `revision`, or HEAD of the branch that releases are made on.

    Raises RefusedError on another branch and where HEAD is detached.
    """
    if revision:
        return resolve_commit(workspace.git, revision)
    now = head(workspace.git)
    if not now.commit:
        raise GitError(
            "this repository has no commits yet",
            where=str(workspace.git.top_level),
            hint='a release is made of a commit: `git add . && git commit -m "Start the registry"`',
        )
    if not now.branch:
        raise RefusedError(
            "HEAD is detached, so it isn't clear what is released",
            hint="`git switch BRANCH` goes to a branch; `--from HEAD` releases this commit",
        )
    branch, wanted = now.branch.removeprefix("refs/heads/"), configuration.release_branch
    if wanted and branch != wanted:
        raise RefusedError(
            f"releases are made on `{wanted}`, and this is `{branch}`",
            where="`release_branch:` in promptreg.yaml",
            hint=f"`git switch {wanted}`, or `--from {branch}` for a hot fix",
        )
    return now.commit


def require_all_tags(workspace: Workspace, configuration: Configuration) -> None:
    """Refuse where release tags may be missing, so that no version is given twice."""
    require_history(workspace.git)
    limits = clone_limits(workspace.git)
    known = released_versions(workspace.git)
    if (limits.no_tags or limits.partial) and not known:
        how = "without tags" if limits.no_tags else "partially"
        raise RefusedError(
            f"this repository was cloned {how}, so releases may be missing",
            where=str(workspace.git.top_level),
            hint=f"fetch them: `{FETCH_TAGS}`",
        )
    line = environments_line(workspace, configuration)
    for environment in configuration.environments:
        stage = environment_at(workspace, configuration, environment, line.commit)
        for _, name, pin in stage.lines():
            if pin.version not in known.get(name, ()):
                raise RefusedError(
                    f"`{environment}` names `{name}` {pin.version}, which has no tag here",
                    where=f"environment `{environment}`",
                    hint=f"fetch the tags: `{FETCH_TAGS}`",
                )


def require_committed(
    workspace: Workspace,
    entries: Iterable[Entry],
    *,
    hint: str = "commit them, or `--from HEAD` releases what is committed",
) -> None:
    """Refuse to release or approve entries whose files differ from what is committed."""
    dirty = set(dirty_paths(workspace.git, workspace.prefix))
    for entry in entries:
        own = [path for path in entry.paths if workspace.prefix + path in dirty]
        if own:
            raise RefusedError(
                f"`{entry.name}` has changes that aren't committed",
                where=", ".join(own),
                hint=hint,
            )
