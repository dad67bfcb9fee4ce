"""`status`: what runs where, now or at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from promptreg.commands.kept_unreleased import Found, Question, kept_unreleased
from promptreg.errors import RefusedError, RegistryError
from promptreg.model.configuration import Configuration, EnvironmentRule
from promptreg.model.environment import Environment, Pin, Suspension
from promptreg.model.version import Version
from promptreg.registry.configuration import read_configuration
from promptreg.registry.workspace import Workspace
from promptreg.releases.environments import (
    Freeze,
    Move,
    environment_at,
    environments_line,
    freeze_at,
    moves,
    reason_of,
    unknown_environment,
)
from promptreg.releases.ledger import releases_of_each, require_history
from promptreg.releases.listed import Listed, listed_releases
from promptreg.releases.matrix import matrix
from promptreg.releases.moment import author_of, committed_at
from promptreg.releases.running import Held, Running, Stage, Status, Suspended
from promptreg.releases.tag import Release
from promptreg.releases.unreleased import Unreleased
from promptreg.store.git.commits import Commit, rev_list
from promptreg.store.git.repository import head

_NO_NOTES: tuple[str, ...] = ()
_MOST_NOTES = 5


def status(
    workspace: Workspace,
    *,
    environment: str = "",
    at: datetime | None = None,
    cached: bool = False,
) -> Status:
    """What runs in every environment, or in one; and now, of all, what HEAD holds unreleased.

    `cached` uses what the repository's cache knows of the texts at HEAD.
    `at` picks the last first-parent commit of the environments' branch with a committer date up to
    it; dates that run backwards are reported. Raises RefusedError in a shallow clone and where
    nothing was committed by then, SelectorError for an unknown environment.
    """
    configuration = read_configuration(workspace.working_tree())
    if environment and environment not in configuration.environments:
        raise unknown_environment(configuration, environment)
    require_history(workspace.git)
    line = environments_line(workspace, configuration)
    commit, notes = line.commit, _NO_NOTES
    if at is not None:
        commit, notes = _commit_at(workspace, line.commit, at)
    released = None if environment else listed_releases(workspace.git)
    stages = tuple(
        _stage(workspace, configuration, rule, commit, released)
        for name, rule in configuration.environments.items()
        if environment in {"", name}
    )
    pending = None
    if at is None and released is not None:
        now = head(workspace.git).commit
        question = Question(now, configuration, line.commit, released, _running_in(stages))
        try:
            pending = _unreleased(workspace, question, cached=cached)
        except RegistryError as problem:
            notes = (*notes, f"what isn't released can't be told: {problem.what}")
    return Status(
        at=at.isoformat() if at else "",
        branch=line.ref.removeprefix("refs/heads/").removeprefix("refs/remotes/"),
        commit=commit,
        environments=stages,
        matrix=()
        if released is None
        else matrix(stages, released.versions, pending, now=at is None),
        unreleased=pending,
        notes=notes,
    )


def _unreleased(workspace: Workspace, question: Question, *, cached: bool) -> Unreleased | None:
    def again() -> Question:
        configuration = read_configuration(workspace.working_tree())
        return replace(
            question,
            commit=head(workspace.git).commit,
            configuration=configuration,
            line=environments_line(workspace, configuration).commit,
            listed=listed_releases(workspace.git),
        )

    def find() -> Found:
        from promptreg.commands.head_unreleased import (  # noqa: PLC0415 - seldom needed
            head_unreleased,
        )

        return head_unreleased(workspace, question, cached=cached)

    if not question.commit:
        return None
    if cached:
        return kept_unreleased(workspace, question, again, find)
    return find().answer


def _stage(
    workspace: Workspace,
    configuration: Configuration,
    rule: EnvironmentRule,
    commit: str,
    listed: Listed | None,
) -> Stage:
    """One environment; a broken file is told and doesn't hide the others.

    Without `listed` only the tags of what runs there are looked at.
    """
    try:
        environment = environment_at(workspace, configuration, rule.name, commit)
        released = _released(workspace, environment, listed)
        newest = _newest_moves(workspace, commit, rule.name)
        running = tuple(
            _running(newest.get(entry), pin, released.get(entry, ()))
            for entry, pin in sorted(environment.releases.items())
        )
    except RefusedError as problem:
        return Stage(rule.name, rule.after, (), problem.what)
    return Stage(
        rule.name,
        rule.after,
        running,
        frozen=_held(freeze_at(workspace, commit, rule.name)),
        suspended=tuple(
            _suspended(newest.get(entry), entry, out)
            for entry, out in sorted(environment.suspended.items())
        ),
    )


def _released(
    workspace: Workspace, environment: Environment, listed: Listed | None
) -> Mapping[str, tuple[Release, ...]]:
    if listed is None:
        return releases_of_each(workspace.git, environment.releases)
    pins = environment.releases.items()
    listed.read(
        one
        for entry, pin in pins
        for one in listed.by_name.get(entry, ())
        if one.version == pin.version
    )
    return listed.by_name


def _running_in(stages: Iterable[Stage]) -> dict[tuple[str, str], Version]:
    """By environment and entry."""
    return {(stage.name, one.name): one.version for stage in stages for one in stage.running}


def _held(freeze: Freeze | None) -> Held | None:
    if freeze is None:
        return None
    commit = freeze.commit
    return Held(freeze.reason, committed_at(commit), author_of(commit), commit.oid)


def _suspended(move: Move | None, name: str, out: Suspension) -> Suspended:
    since = by = oid = ""
    if move is not None and move.after is None:
        since, by, oid = committed_at(move.commit), author_of(move.commit), move.commit.oid
    return Suspended(name, out.pin.version, out.pin.digest, out.reason, since, by, oid)


def _newest_moves(workspace: Workspace, commit: str, environment: str) -> dict[str, Move]:
    newest: dict[str, Move] = {}
    for move in moves(workspace, commit, environment):
        newest.setdefault(move.name, move)
    return newest


def _running(move: Move | None, pin: Pin, releases: tuple[Release, ...]) -> Running:
    if move is None or move.after != pin:
        raise RefusedError("the file and its history disagree; run `git fsck`")
    return Running(
        name=move.name,
        version=pin.version,
        digest=pin.digest,
        since=committed_at(move.commit),
        by=author_of(move.commit),
        reason=reason_of(move),
        commit=move.commit.oid,
        before=move.before.version if move.before else None,
        problem=_problem(pin.version, pin.digest, releases),
    )


def _problem(version: Version, digest: str, releases: tuple[Release, ...]) -> str:
    for release in releases:
        if release.version == version:
            if release.problem:
                return f"its tag can't be trusted: {release.problem}"
            return "" if release.digest == digest else "its tag has another digest"
    return "it has no tag here"


def _commit_at(workspace: Workspace, tip: str, at: datetime) -> tuple[str, tuple[str, ...]]:
    line = rev_list(workspace.git, tip, first_parent=True)
    seconds = at.timestamp()
    notes = _backwards(line)
    for commit in line:
        if commit.committer.seconds <= seconds:
            return commit.oid, notes
    raise RefusedError(
        f"nothing was committed by {at.isoformat()}",
        hint=f"the first commit is of {committed_at(line[-1])}",
    )


def _backwards(line: tuple[Commit, ...]) -> tuple[str, ...]:
    """A note for each place where a commit says that it is older than the one before it."""
    notes = [
        f"the dates run backwards: {newer.oid[:12]} ({committed_at(newer)}) comes after "
        f"{older.oid[:12]} ({committed_at(older)})"
        for newer, older in pairwise(line)
        if newer.committer.seconds < older.committer.seconds
    ]
    more = len(notes) - _MOST_NOTES
    return (*notes[:_MOST_NOTES], *((f"and {more} more",) if more > 0 else ()))
