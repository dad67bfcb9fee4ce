"""Which release first held a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from promptreg.model.version import Version
from promptreg.registry.workspace import Workspace
from promptreg.releases.tag import Release
from promptreg.store.git.graph import first_reached, graph


@dataclass(frozen=True, slots=True)
class Origin:
    """A line of a file, the commit that wrote it, and the first release that holds it."""

    number: int
    text: str
    commit: str
    date: str
    by: str
    subject: str
    version: Version | None
    """None where no release holds it yet."""


@dataclass(frozen=True, slots=True)
class BlamedFile:
    """A file of the entry, line by line."""

    path: str
    lines: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class Blame:
    """An entry's manifest and templates, line by line."""

    name: str
    commit: str
    files: tuple[BlamedFile, ...]


def releases_by_commit(
    workspace: Workspace, releases: tuple[Release, ...]
) -> Mapping[str, Version]:
    """For every commit that a release reaches, the lowest version that does.

    Releases whose tags can't be trusted are left out.
    """
    served = [release for release in releases if not release.problem]
    tips = [release.commit for release in served]
    reached = first_reached(graph(workspace.git, tips), tips)
    return {oid: served[index].version for oid, index in reached.items()}
