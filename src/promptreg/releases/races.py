"""Lost races: what is planned anew where another's write came between, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

from promptreg.errors import PromptregError, RefusedError
from promptreg.model.version import Version
from promptreg.registry.workspace import Workspace
from promptreg.releases.environments import moves
from promptreg.releases.ledger import newest_tags, releases_of
from promptreg.releases.plan import CommitFiles, CreateTag, Plan, Step
from promptreg.releases.tag import Release, of_version
from promptreg.store.git.commits import rev_list, trailers
from promptreg.store.git.listing import blobs_of
from promptreg.store.git.refs import refs_at
from promptreg.store.git.repository import Repository
from promptreg.store.git.transaction import MovedError


def replanned(
    workspace: Workspace, plan: Plan, again: Callable[[], Plan], lost: MovedError
) -> Plan:
    """The plan made anew where the race was harmless: it does the same from the same values.

    Another entry moved, or other files were committed. Where the same entry moved a RefusedError
    says who moved it to what.
    """
    try:
        new = again()
    except PromptregError as problem:
        raise who_moved(workspace, plan) or problem from None
    if len(new.steps) != len(plan.steps) or not all(
        _same(workspace.git, one, other) for one, other in zip(plan.steps, new.steps, strict=True)
    ):
        raise who_moved(workspace, plan) or lost
    return new


def require_newest(repo: Repository, plan: Plan) -> None:
    """MovedError where an entry got another release since the plan: chains would fork.

    Call it with the turn, so that none can be made before the plan's own.
    """
    steps = [step for step in plan.steps if isinstance(step, CreateTag)]
    newest = newest_tags(repo, {step.release.name for step in steps}) if steps else {}
    for step in steps:
        # Two processes for each entry: only where the tags' names alone don't answer.
        settled = _follows(step, newest.get(step.release.name))
        if not settled and _came_between(repo, step) is not None:
            raise MovedError(
                f"`{step.release.name}` was released meanwhile; nothing was changed",
                where=step.ref,
                hint=f"`promptreg log {step.release.name}` shows what",
            )


def who_moved(
    workspace: Workspace, plan: Plan, tips: dict[str, str] | None = None
) -> RefusedError | None:
    """The refusal that says who moved the same entry to what; None where nobody did.

    `tips` are branches as a remote has them, which count in place of the branches here.
    """
    for step in plan.steps:
        found = None
        if isinstance(step, CreateTag):
            release = _came_between(workspace.git, step)
            found = _released(release) if release else None
        elif isinstance(step, CommitFiles):
            tip = (tips or {}).get(step.ref) or refs_at(workspace.git, step.ref).get(step.ref)
            found = _moved(workspace, step, tip) if tip else None
        if found:
            return found
    return None


def _same(repo: Repository, one: Step, other: Step) -> bool:
    if isinstance(one, CreateTag) or isinstance(other, CreateTag):
        return one == other
    if type(one) is not type(other) or _edits(one) != _edits(other):
        return False
    if not isinstance(one, CommitFiles) or not isinstance(other, CommitFiles):
        return True
    if one.ref != other.ref or one.message != other.message:
        return False
    # The message of a promotion says from what to what; of other files the contents decide.
    if "Promptreg-Environment" in dict(trailers(one.message)):
        return True
    paths = [edit.path for edit in one.edits]
    return blobs_of(repo, one.parent, paths) == blobs_of(repo, other.parent, paths)


def _edits(step: Step) -> list[tuple[str, str]]:
    return [] if isinstance(step, CreateTag) else [(one.path, one.summary) for one in step.edits]


def _follows(step: CreateTag, newest: tuple[Version, str] | None) -> bool:
    """Whether the plan's release is higher than the newest one and names it as the one before."""
    if newest is None:
        return not step.release.previous
    version, oid = newest
    return oid == step.release.previous and version.rank() < step.release.version.rank()


def _came_between(repo: Repository, step: CreateTag) -> Release | None:
    """The entry's highest release, where that isn't the one that the plan follows."""
    release = step.release
    known = releases_of(repo, release.name)
    same = of_version(known, release.version)
    newest = known[-1] if known else None
    if same is not None or newest is None or newest.tag_object == release.previous:
        return same
    return newest


def _released(release: Release) -> RefusedError:
    by = f" by {release.tagger_name}" if release.tagger_name else ""
    return RefusedError(
        f"`{release.name}` {release.version} was released{by} meanwhile; nothing was changed",
        where=f"tag `{release.tag}`",
        hint=f"`promptreg log {release.name}` shows it; release again if something is left",
    )


def _moved(workspace: Workspace, step: CommitFiles, tip: str) -> RefusedError | None:
    said = trailers(step.message)
    environment = dict(said).get("Promptreg-Environment", "")
    told = {"Promptreg-Move", "Promptreg-Suspend"}
    names = {value.partition(" ")[0] for key, value in said if key in told}
    paths = [edit.path for edit in step.edits]
    commits = rev_list(workspace.git, tip, paths=paths, excluding=(step.parent,))
    new = {one.oid for one in commits}
    for move in moves(workspace, tip, environment) if environment and new else ():
        if move.commit.oid in new and move.name in names:
            to = f"to {move.after.version}" if move.after else "out"
            return RefusedError(
                f"`{move.name}` was moved {to} in `{environment}` by {move.commit.committer.name} "
                "meanwhile; nothing was changed",
                where=f"commit {move.commit.oid[:12]}: {move.commit.subject[:100]}",
                hint=f"`promptreg log {move.name}` says why; run the command again if it still holds",
            )
    if commits and not environment:
        return RefusedError(
            f"the same file was changed by {commits[0].committer.name} meanwhile; "
            "nothing was changed",
            where=f"{', '.join(paths)}: commit {commits[0].oid[:12]}",
            hint=f"`git show {commits[0].oid[:12]}` shows how; run the command again if it still holds",
        )
    return None
