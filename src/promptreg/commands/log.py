"""`log`: the history of an entry and everything it reaches, with its releases and moves."""

from __future__ import annotations

from collections.abc import Container

from promptreg.errors import SelectorError
from promptreg.model.configuration import Configuration
from promptreg.model.selector import Selector, WorkingTree, parse_selector
from promptreg.registry.configuration import read_configuration
from promptreg.registry.workspace import Workspace
from promptreg.releases.environments import Line, Move, environments_line, moves, reason_of
from promptreg.releases.events import Event, Log
from promptreg.releases.ledger import releases_of, require_history
from promptreg.releases.moment import author_of, committed_at, moment
from promptreg.releases.resolve import load_release, resolve
from promptreg.releases.tag import Release
from promptreg.store.git.commits import Commit
from promptreg.store.git.graph import graph
from promptreg.store.git.history import history
from promptreg.store.git.worktree import require_first_commit


def log(workspace: Workspace, name: str) -> Log:
    """The history of the entry `name`.

    Follows renames. Raises SelectorError where neither an entry nor a release has the name,
    RefusedError in a shallow clone.
    """
    selector = parse_selector(name)
    if not isinstance(selector.point, WorkingTree):
        raise SelectorError(
            f"`{name}` names a version", hint=f"`promptreg log {selector.name}` shows them all"
        )
    now = require_first_commit(workspace.git)
    require_history(workspace.git)
    releases = releases_of(workspace.git, selector.name)
    paths, configuration = _paths(workspace, selector, releases)
    line = Line(now.branch, now.commit)
    if configuration.environments_branch:
        line = environments_line(workspace, configuration)
    commits = history(workspace.git, now.commit, [workspace.prefix + path for path in paths])
    moved = _moves(workspace, configuration, line, selector.name)
    # At one commit: what points to it stands above what it is.
    events = [
        *((one.commit.oid, 0, _move_event(one)) for one in moved),
        *((one.commit, 1, _release_event(one)) for one in reversed(releases)),
        *((one.oid, 2, _commit_event(one)) for one in commits),
    ]
    here = _ranks(workspace, [now.commit])
    others = [oid for oid, _, _ in events if oid and oid not in here]
    return Log(
        name=selector.name,
        paths=paths,
        events=_ordered(events, here),
        elsewhere=_ordered(events, _ranks(workspace, others), but=here),
        notes=(),
    )


def _ranks(workspace: Workspace, tips: list[str]) -> dict[str, int]:
    """The place of each commit in the history of `tips`, children before their parents."""
    return {oid: index for index, oid in enumerate(graph(workspace.git, tips))}


def _ordered(
    events: list[tuple[str, int, Event]], ranks: dict[str, int], but: Container[str] | None = None
) -> tuple[Event, ...]:
    """The events at ranked commits in their order, or all `but` those; what has no rank is last."""
    last = len(ranks)
    wanted = [one for one in events if (one[0] in ranks if but is None else one[0] not in but)]
    wanted.sort(key=lambda one: (ranks.get(one[0], last), one[1]))
    return tuple(event for _, _, event in wanted)


def _paths(
    workspace: Workspace, selector: Selector, releases: tuple[Release, ...]
) -> tuple[tuple[str, ...], Configuration]:
    """The files of the entry as it is, or as it was released last where it is gone.

    And the configuration of the working tree.
    """
    try:
        resolved = resolve(workspace, selector)
    except SelectorError:
        served = [release for release in releases if not release.problem]
        if not served:
            raise
        paths = load_release(workspace, served[-1]).entry.paths
        return paths, read_configuration(workspace.working_tree())
    return resolved.entry.paths, resolved.snapshot.configuration


def _moves(workspace: Workspace, configuration: Configuration, line: Line, name: str) -> list[Move]:
    return [
        move
        for environment in configuration.environments
        for move in moves(workspace, line.commit, environment)
        if move.name == name
    ]


def _commit_event(commit: Commit) -> Event:
    return Event("commit", commit.oid, committed_at(commit), author_of(commit), commit.subject)


def _release_event(release: Release) -> Event:
    return Event(
        "release",
        release.commit,
        moment(release.time),
        release.tagger,
        release.message.strip(),
        version=release.version,
        problem=release.problem,
    )


def _move_event(move: Move) -> Event:
    return Event(
        "move",
        move.commit.oid,
        committed_at(move.commit),
        author_of(move.commit),
        reason_of(move),
        version=move.after.version if move.after else None,
        environment=move.environment,
        before=move.before.version if move.before else None,
        suspended=bool(move.suspended),
    )
