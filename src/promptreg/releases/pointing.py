"""Planning a promotion or a roll-back: an environment's file in a commit of its own."""

from __future__ import annotations

from dataclasses import dataclass

from promptreg.errors import RefusedError
from promptreg.model.configuration import Configuration
from promptreg.model.environment import Pin, environment_path
from promptreg.registry.workspace import Workspace
from promptreg.releases.environment_file import (
    new_environment_text,
    read_environment_text,
    with_pin,
)
from promptreg.releases.environments import (
    Move,
    environments_line,
    moves,
    unknown_environment,
)
from promptreg.releases.plan import CommitFiles, EditFiles, FileEdit, Plan
from promptreg.releases.tag import Release
from promptreg.store.files import FileProblem
from promptreg.store.git.repository import head

HEADS = "refs/heads/"


@dataclass(frozen=True, slots=True)
class Pointing:
    """What is asked: `environment` shall point to `releases`, and why."""

    verb: str
    """`promote` or `roll back`."""
    environment: str
    releases: tuple[Release, ...]
    reason: str
    commit: bool = True
    """False leaves the edited file to the person, for a pull request."""


def plan_pointing(workspace: Workspace, configuration: Configuration, wanted: Pointing) -> Plan:
    """The plan that makes `wanted` so.

    Raises RefusedError where there is nothing to do or no branch to do it on, SelectorError for an
    unknown environment.
    """
    if wanted.environment not in configuration.environments:
        raise unknown_environment(configuration, wanted.environment)
    line = environments_line(workspace, configuration)
    if not line.ref.startswith(HEADS):
        raise _no_branch(configuration, line.ref)
    if not wanted.commit and line.ref != head(workspace.git).branch:
        branch = line.ref.removeprefix(HEADS)
        raise RefusedError(
            f"environments live on `{branch}`, which isn't checked out",
            hint=f"`git switch {branch}` goes there; without `--no-commit` it isn't needed",
        )
    path = environment_path(wanted.environment)
    before = _text(workspace, configuration, wanted.environment, line.commit)
    text = before or new_environment_text(wanted.environment)
    pins = read_environment_text(wanted.environment, text.encode()).releases
    moved = [release for release in wanted.releases if pins.get(release.name) != _pin(release)]
    if not moved:
        names = ", ".join(f"`{one.name}` {one.version}" for one in wanted.releases)
        raise RefusedError(
            f"{names} runs in `{wanted.environment}` already",
            hint=f"`promptreg status --env {wanted.environment}` shows what runs there",
        )
    for release in moved:
        text = with_pin(text, wanted.environment, release.name, _pin(release))
    summary = "; ".join(_said(release, pins.get(release.name)) for release in moved)
    edits = (FileEdit(workspace.prefix + path, text.encode(), summary),)
    title = _title(wanted, moved)
    if not wanted.commit:
        return Plan(title, (EditFiles(edits),), ("the file is changed, not committed",))
    message = _message(wanted, moved, pins)
    return Plan(title, (CommitFiles(line.ref, line.commit, edits, message),))


def ran_before(workspace: Workspace, configuration: Configuration, name: str, env: str) -> Pin:
    """The release of `name` that ran in `env` before the one that runs there now.

    A release that was rolled back doesn't count any more: from 1, 2, 3 the way goes back to 2 and
    then to 1. Raises RefusedError where nothing is left to go back to.
    """
    if env not in configuration.environments:
        raise unknown_environment(configuration, env)
    line = environments_line(workspace, configuration)
    own = [move for move in moves(workspace, line.commit, env) if move.name == name]
    if not own or own[0].after is None:
        raise RefusedError(
            f"`{name}` doesn't run in `{env}`",
            hint=f"`promptreg status --env {env}` shows what runs there",
        )
    before = _earlier(own)
    if before is None:
        raise RefusedError(
            f"nothing that ran in `{env}` before {own[0].after.version} of `{name}` is left",
            hint=f"`--to VERSION` names a release; `promptreg log {name}` lists what ran and why",
        )
    return before


def _earlier(own: list[Move]) -> Pin | None:
    """Newest first: where the newest move is a roll-back, the one that it took back is skipped."""
    now = own[0].after
    stack: list[Pin] = []
    for move in reversed(own):
        if move.after is None:
            continue
        if move.after in stack:
            # Back to something that ran before: what came after it was taken back.
            del stack[stack.index(move.after) + 1 :]
        else:
            stack.append(move.after)
    return stack[-2] if len(stack) > 1 and stack[-1] == now else None


def _text(workspace: Workspace, configuration: Configuration, environment: str, commit: str) -> str:
    try:
        content = workspace.revision(commit).read(
            environment_path(environment), limit=configuration.limits.environment_bytes
        )
    except FileProblem as problem:
        if problem.rule == "missing":
            return ""
        raise RefusedError(
            f"`{environment_path(environment)}` can't be read: {problem.message}"
        ) from None
    read_environment_text(environment, content)
    return content.decode()


def _pin(release: Release) -> Pin:
    return Pin(release.version, release.digest)


def _said(release: Release, before: Pin | None) -> str:
    return f"{release.name}: {before.version if before else 'nothing'} -> {release.version}"


def _names(releases: list[Release]) -> str:
    shown = ", ".join(f"{release.name}@{release.version}" for release in releases[:3])
    return shown + (f" and {len(releases) - 3} more" if len(releases) > 3 else "")


def _title(wanted: Pointing, moved: list[Release]) -> str:
    if wanted.verb == "promote":
        return f"Promote {_names(moved)} to {wanted.environment}"
    return f"Roll back {wanted.environment} to {_names(moved)}"


def _message(wanted: Pointing, moved: list[Release], pins: dict[str, Pin]) -> str:
    trailers = [f"Promptreg-Environment: {wanted.environment}"]
    for release in moved:
        before = pins.get(release.name)
        trailers.append(
            f"Promptreg-Move: {release.name} {before.version if before else 'none'} "
            f"-> {release.version}"
        )
    if wanted.reason:
        trailers.append(f"Promptreg-Reason: {' '.join(wanted.reason.split())}")
    return f"{_title(wanted, moved)}\n\n" + "\n".join(trailers) + "\n"


def _no_branch(configuration: Configuration, ref: str) -> RefusedError:
    branch = configuration.environments_branch
    if branch:
        return RefusedError(
            f"`{branch}` exists only as `{ref}`; it can't be committed to",
            hint=f"`git branch {branch} {ref.removeprefix('refs/remotes/')}` makes it yours",
        )
    return RefusedError(
        "HEAD is detached, so there is no branch to commit the environment to",
        hint="`git switch BRANCH` goes to one",
    )
