"""Applying a plan: all or nothing, and only from the values that it was made on."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from promptreg.errors import PromptregError, RefusedError
from promptreg.registry.workspace import Workspace
from promptreg.releases.plan import CommitFiles, CreateTag, EditFiles, FileEdit, Outcome, Plan
from promptreg.releases.signing import commit_signer, tag_contents
from promptreg.store.atomic import remove_file, write_file
from promptreg.store.git.commits import Signature
from promptreg.store.git.config import push_remote
from promptreg.store.git.push import push, push_command
from promptreg.store.git.repository import Repository, head, operation_in_progress
from promptreg.store.git.staging import bring_up_to_date, require_clean, require_writable
from promptreg.store.git.transaction import RefUpdate, update_refs
from promptreg.store.git.worktree import checked_out_branches
from promptreg.store.git.writing import FileChange, NewCommit, make_commit, make_tag


@dataclass(frozen=True, slots=True)
class Writers:
    """Who a commit or tag is by: the author, and the person who puts it into history."""

    author: Signature
    committer: Signature


def apply(workspace: Workspace, plan: Plan, by: Writers, *, push_it: bool = False) -> Outcome:
    """Do what the plan says and return what was made.

    Whatever is signed is signed first. Objects are written next; then every ref moves in one
    transaction, so that a failure leaves the repository as it was. Files on disk follow last. Raises RefusedError where something moved
    since the plan was made.
    """
    repo = workspace.git
    remote = _remote(repo, plan)
    if push_it and not remote:
        raise RefusedError(
            "there is no remote to push to; nothing was changed",
            hint="`git remote add origin URL` names one",
        )
    _prepare(repo, plan)
    tags = iter(tag_contents(repo, plan, by.committer))
    sign = commit_signer(repo, plan, by.committer)
    updates, created = [], []
    for step in plan.steps:
        if isinstance(step, CreateTag):
            oid = make_tag(repo, next(tags))
            updates.append(RefUpdate(step.ref, oid))
        elif isinstance(step, CommitFiles):
            oid = make_commit(
                repo,
                NewCommit(step.parent, _changes(step.edits), step.message, by.author, by.committer),
                sign,
            )
            updates.append(RefUpdate(step.ref, oid, step.parent))
        else:
            continue
        created.append(oid)
    if updates:
        update_refs(repo, updates, by=by.committer, reason=f"promptreg: {plan.title}")
    _follow(repo, plan)
    refs = [update.name for update in updates]
    command = push_command(remote, refs) if remote and refs else ""
    if push_it and refs:
        _publish(repo, remote, refs, command)
    pushed = push_it and bool(refs)
    return Outcome(plan, applied=True, created=tuple(created), push=command, pushed=pushed)


def _prepare(repo: Repository, plan: Plan) -> None:
    """Refuse what would leave files, index and branch contradicting each other."""
    branch = head(repo).branch
    for step in plan.steps:
        if isinstance(step, CreateTag):
            continue
        if operation := operation_in_progress(repo):
            raise RefusedError(
                f"a {operation} is in progress; nothing was changed",
                where=str(repo.top_level),
                hint=f"finish it, or run `git {operation} --abort`",
            )
        if isinstance(step, EditFiles) or step.ref == branch:
            paths = tuple(edit.path for edit in step.edits)
            require_clean(repo, paths)
            require_writable(repo, paths)
        elif step.ref in checked_out_branches(repo):
            raise RefusedError(
                f"`{step.ref.removeprefix('refs/heads/')}` is checked out in another worktree",
                hint="run the command there",
            )


def _follow(repo: Repository, plan: Plan) -> None:
    """Bring the index and the files on disk up to the commits that were made."""
    now = head(repo)
    for step in plan.steps:
        if isinstance(step, CommitFiles) and step.ref == now.branch:
            bring_up_to_date(repo, now.commit, _changes(step.edits))
        elif isinstance(step, EditFiles):
            for edit in step.edits:
                if edit.content is None:
                    remove_file(repo.top_level, edit.path)
                else:
                    write_file(repo.top_level, edit.path, edit.content)


def _changes(edits: tuple[FileEdit, ...]) -> tuple[FileChange, ...]:
    return tuple(FileChange(edit.path, edit.content) for edit in edits)


def _remote(repo: Repository, plan: Plan) -> str:
    branches = [step.ref for step in plan.steps if isinstance(step, CommitFiles)]
    return push_remote(repo, *(branches[:1] or [head(repo).branch]))


def _publish(repo: Repository, remote: str, refs: list[str], command: str) -> None:
    """Push; where that is refused, say that what was made is known to nobody else yet."""
    try:
        push(repo, remote, refs)
    except PromptregError as problem:
        names = ", ".join(
            ref.removeprefix("refs/tags/").removeprefix("refs/heads/") for ref in refs
        )
        hint = f"when the remote is ready: `{command}`"
        tags = [ref.removeprefix("refs/tags/") for ref in refs if ref.startswith("refs/tags/")]
        if tags:
            hint += (
                f"\nwhere it has another {tags[0]} already, take yours back with "
                f"`git tag -d {shlex.join(tags)}`, run `git fetch --tags` and release again"
            )
        else:
            hint += "\nwhere it has newer commits, `git pull --rebase` first"
        raise RefusedError(
            f"{problem.what}; {names} exists in this repository only", where=remote, hint=hint
        ) from None
