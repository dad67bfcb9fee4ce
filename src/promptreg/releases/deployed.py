"""Which release of each entry runs in which environment, as committed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from promptreg.errors import GitError, RefusedError
from promptreg.model.configuration import Configuration
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


def deployed(
    workspace: Workspace, configuration: Configuration
) -> tuple[Mapping[str, tuple[RunsIn, ...]], tuple[str, ...]]:
    """What runs where, by entry; and sentences about what couldn't be read."""
    found: defaultdict[str, list[RunsIn]] = defaultdict(list)
    notes: list[str] = []
    if workspace.repository is None or not configuration.environments:
        return {}, ()
    if not configuration.environments_branch and not head_commit(workspace.repository):
        return {}, ()
    try:
        line = environments_line(workspace, configuration)
    except GitError as error:
        return {}, (f"environments are left out: {error.what}; {error.hint}",)
    trees = TreeReader.of(workspace.repository)
    for name in configuration.environments:
        try:
            environment = environment_at(workspace, configuration, name, line.commit, trees)
        except RefusedError as error:
            notes.append(f"the environment `{name}` is left out: {error.what}")
            continue
        for entry, pin in environment.releases.items():
            found[entry].append(RunsIn(name, pin.version))
    return {entry: tuple(pins) for entry, pins in found.items()}, tuple(notes)
