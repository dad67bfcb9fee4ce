"""Applying a plan: all or nothing, and only from the values that it was made on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from promptreg.errors import GitError, PromptregError, RefusedError
from promptreg.registry.workspace import Workspace
from promptreg.releases.plan import CommitFiles, CreateTag, EditFiles, FileEdit, Outcome, Plan
from promptreg.releases.publishing import carried_branch, publish, require_known_releases
from promptreg.releases.races import replanned, require_newest, who_moved
from promptreg.releases.signing import commit_signer, tag_contents
from promptreg.releases.unfinished import (
    Made,
    Unfinished,
    forget,
    is_unfinished,
    move_refs,
    remember,
    settle,
)
from promptreg.store.git.commits import Signature
from promptreg.store.git.config import push_remote
from promptreg.store.git.listing import blobs_of
from promptreg.store.git.push import push_command
from promptreg.store.git.repository import Repository, head, operation_in_progress
from promptreg.store.git.staging import (
    Replaced,
    bring_up_to_date,
    require_clean,
    require_writable,
    write_changes,
)
from promptreg.store.git.transaction import MovedError, RefUpdate
from promptreg.store.git.turn import turn
from promptreg.store.git.worktree import checked_out_branches
from promptreg.store.git.writing import FileChange, NewCommit, hash_object, make_commit, make_tags

_TRIES = 6


@dataclass(frozen=True, slots=True)
class Writers:
    """Who a commit or tag is by: the author, and the person who puts it into history."""

    author: Signature
    committer: Signature


@dataclass(frozen=True, slots=True)
class Asked:
    """A write that is asked for. `plan` makes its plan, anew as often as it is called.

    `request` tells the same command from another one; "" is like no other.
    """

    plan: Callable[[], Plan]
    request: str = ""
    push: bool = False


_Where: TypeAlias = tuple[str, tuple[str, ...]]
"""The remote to push to, empty for none; and refs that go with those that are made."""


def carry_through(workspace: Workspace, asked: Asked, by: Writers) -> Outcome:
    """Plan and apply; where another's write came between and did no harm, plan and apply again.

    A write that broke off is finished first. Where that was this same request nothing more is done:
    a roll-back that is repeated must not go back twice. Raises what the plan raises, and what
    `apply` does.
    """
    repo = workspace.git
    if is_unfinished(repo):
        with turn(repo):
            found = settle(repo, by.committer)
            if found is not None and _is_same(repo, found, asked.request):
                return _outcome_of(workspace, found, by, push_it=asked.push)
    return apply(
        workspace, asked.plan(), by, push_it=asked.push, again=asked.plan, request=asked.request
    )


def apply(
    workspace: Workspace,
    plan: Plan,
    by: Writers,
    *,
    push_it: bool = False,
    again: Callable[[], Plan] | None = None,
    request: str = "",
) -> Outcome:
    """Do what the plan says and return what was made.

    Whatever is signed is signed first. Objects are written next; then every ref moves in one
    transaction, so that a failure leaves the repository as it was. Files on disk follow last; a run
    that is killed before that is finished by the next. Where something moved since the plan was
    made, `again` makes a new one; RefusedError where that isn't the same, or there is no `again`.
    """
    repo = workspace.git
    remote = _remote(repo, plan)
    if push_it and not remote:
        raise RefusedError(
            "there is no remote to push to; nothing was changed",
            hint="`git remote add origin URL` names one",
        )
    target = remote if push_it else ""
    with turn(repo):
        settle(repo, by.committer)
        for left in reversed(range(_TRIES)):
            # Asked before anything is written: from then on no answer may be missing.
            carried = carried_branch(repo, remote, plan) if remote else ()
            try:
                made = _write(workspace, plan, by, (target, carried), request)
                break
            except MovedError as lost:
                if again is None or not left:
                    raise who_moved(workspace, plan) or lost from None
                plan = replanned(workspace, plan, again, lost)
    return _outcome(plan, made, (remote, carried), pushed=push_it)


def _write(workspace: Workspace, plan: Plan, by: Writers, where: _Where, request: str) -> Made:
    """Everything that has to happen in one turn."""
    repo, (target, carried) = workspace.git, where
    _prepare(repo, plan)
    require_newest(repo, plan)
    if target:
        require_known_releases(repo, target, plan)
    made = _make(repo, plan, by)
    remember(repo, request, plan, made)
    if made.updates:
        move_refs(repo, made, by=by.committer, reason=f"promptreg: {plan.title}")
    try:
        _follow(repo, plan)
    except PromptregError as problem:
        raise _half_way(problem, made) from None
    if target and made.updates:
        publish(workspace, target, plan, made, by.committer, carried=carried)
    forget(repo)
    return made


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


def _make(repo: Repository, plan: Plan, by: Writers) -> Made:
    """The objects of the plan, which no ref names yet."""
    tags = iter(make_tags(repo, tuple(tag_contents(repo, plan, by.committer))))
    sign = commit_signer(repo, plan, by.committer)
    now = head(repo)
    updates: list[RefUpdate] = []
    files: list[Replaced] = []
    staged = True
    for step in plan.steps:
        if isinstance(step, CreateTag):
            updates.append(RefUpdate(step.ref, next(tags)))
        elif isinstance(step, CommitFiles):
            changes = _changes(step.edits)
            commit = NewCommit(step.parent, changes, step.message, by.author, by.committer)
            updates.append(RefUpdate(step.ref, make_commit(repo, commit, sign), step.parent))
            if step.ref == now.branch:
                files += _replaced(repo, step.parent, step.edits)
        else:
            staged = False
            files += _replaced(repo, now.commit, step.edits)
    return Made(tuple(updates), tuple(files), staged)


def _replaced(repo: Repository, commit: str, edits: tuple[FileEdit, ...]) -> list[Replaced]:
    before = blobs_of(repo, commit, [edit.path for edit in edits]) if commit else {}
    return [
        Replaced(
            edit.path,
            before.get(edit.path, ""),
            "" if edit.content is None else hash_object(repo, edit.content),
        )
        for edit in edits
    ]


def _follow(repo: Repository, plan: Plan) -> None:
    """Bring the index and the files on disk up to the commits that were made."""
    now = head(repo)
    for step in plan.steps:
        if isinstance(step, CommitFiles) and step.ref == now.branch:
            bring_up_to_date(repo, now.commit, _changes(step.edits))
        elif isinstance(step, EditFiles):
            write_changes(repo, _changes(step.edits))


def _changes(edits: tuple[FileEdit, ...]) -> tuple[FileChange, ...]:
    return tuple(FileChange(edit.path, edit.content) for edit in edits)


def _remote(repo: Repository, plan: Plan) -> str:
    branches = [step.ref for step in plan.steps if isinstance(step, CommitFiles)]
    return push_remote(repo, *(branches[:1] or [head(repo).branch]))


def _is_same(repo: Repository, found: Unfinished, request: str) -> bool:
    """Whether a write that broke off is what is asked for, and nothing was committed since."""
    commits = {found.head, *(one.new for one in found.made.updates)}
    return bool(request) and found.request == request and head(repo).commit in commits


def _outcome_of(workspace: Workspace, found: Unfinished, by: Writers, *, push_it: bool) -> Outcome:
    """The outcome of a write that broke off and is finished now."""
    remote = _remote(workspace.git, found.plan)
    pushes = push_it and bool(remote) and bool(found.made.updates)
    carried = carried_branch(workspace.git, remote, found.plan) if remote else ()
    if pushes:
        publish(workspace, remote, found.plan, found.made, by.committer, carried=carried)
    return _outcome(found.plan, found.made, (remote, carried), pushed=pushes)


def _outcome(plan: Plan, made: Made, where: _Where, *, pushed: bool) -> Outcome:
    remote, carried = where
    own = [update.name for update in made.updates]
    refs = [*own, *carried] if own else []
    command = push_command(remote, refs) if remote and refs else ""
    created = tuple(update.new for update in made.updates)
    return Outcome(plan, applied=True, created=created, push=command, pushed=pushed and bool(refs))


def _half_way(problem: PromptregError, made: Made) -> GitError:
    """Refs have moved and files couldn't follow."""
    hint = f"{problem.hint}\n" if problem.hint else ""
    what = (
        "the commit is made, its file isn't on disk yet" if made.updates else "not all is written"
    )
    return GitError(
        f"{problem.what}; {what}",
        where=problem.where,
        hint=f"{hint}run the same command again: it finishes this",
    )
