"""Which release of each entry runs in which environment, as committed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from promptreg.errors import GitError, RefusedError
from promptreg.model.configuration import Configuration
from promptreg.model.environment import Environment
from promptreg.model.version import Version
from promptreg.registry.workspace import Workspace
from promptreg.releases.environments import environment_at, environments_line
from promptreg.store.git.repository import head_commit
from promptreg.store.git.tree_reader import TreeReader


@dataclass(frozen=True, slots=True)
class RunsIn:
    """The release that an environment points to."""

    environment: str
    version: Version


@dataclass(frozen=True, slots=True)
class Committed:
    """The environments that could be read, as committed, by name."""

    commit: str
    """The commit that holds them; empty where there is none."""
    environments: Mapping[str, Environment]
    notes: tuple[str, ...]
    """Sentences about what couldn't be read."""


def committed_environments(workspace: Workspace, configuration: Configuration) -> Committed:
    """The environments that `configuration` declares; a broken one doesn't hide the others."""
    repository = workspace.repository
    if repository is None or not configuration.environments:
        return Committed("", {}, ())
    if not configuration.environments_branch:
        commit = head_commit(repository)
        if not commit:
            return Committed("", {}, ())
    else:
        try:
            commit = environments_line(workspace, configuration).commit
        except GitError as error:
            note = f"environments are left out: {error.what}; {error.hint}"
            return Committed("", {}, (note,))
    found: dict[str, Environment] = {}
    notes: list[str] = []
    trees = TreeReader.of(repository)
    for name in configuration.environments:
        try:
            found[name] = environment_at(workspace, configuration, name, commit, trees)
        except RefusedError as error:
            notes.append(f"the environment `{name}` is left out: {error.what}")
    return Committed(commit, found, tuple(notes))


def deployed(
    workspace: Workspace, configuration: Configuration
) -> tuple[Mapping[str, tuple[RunsIn, ...]], tuple[str, ...]]:
    """What runs where, by entry; and sentences about what couldn't be read."""
    found: defaultdict[str, list[RunsIn]] = defaultdict(list)
    committed = committed_environments(workspace, configuration)
    for name, environment in committed.environments.items():
        for entry, pin in environment.releases.items():
            found[entry].append(RunsIn(name, pin.version))
    return {entry: tuple(pins) for entry, pins in found.items()}, committed.notes
