"""The branches that are audited, and the one order of what happened on them: by ancestry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from promptreg.errors import GitError
from promptreg.model.audit import Branch
from promptreg.model.configuration import Configuration
from promptreg.registry.workspace import Workspace
from promptreg.releases.environments import checked_out_line, environments_line
from promptreg.store.git.graph import first_reached, graph
from promptreg.store.git.refs import ref_fields
from promptreg.store.git.repository import Repository

REGISTRY, ENVIRONMENTS = "registry", "environments"


@dataclass(frozen=True, slots=True)
class Course:
    """The first-parent lines of the branches, oldest first, and the shape of their history."""

    registry: tuple[str, ...]
    environments: tuple[str, ...]
    """Empty where environments live on the same branch."""
    parents: Mapping[str, tuple[str, ...]]
    reached: Mapping[str, int]
    """For each commit the place on `registry` of the first one that reaches it."""
    reached_apart: Mapping[str, int]
    """The same on `environments`."""


def audited_branches(workspace: Workspace, configuration: Configuration) -> tuple[Branch, ...]:
    """The release branch (else what is checked out), and the environments' own where there is one.

    Raises GitError where one isn't there.
    """
    branches = [_registry_branch(workspace.git, configuration.release_branch)]
    if configuration.environments_branch:
        line = environments_line(workspace, configuration)
        branches.append(Branch(ENVIRONMENTS, configuration.environments_branch, line.commit))
    return tuple(branches)


def course_of(repo: Repository, branches: Sequence[Branch], tags: Sequence[str]) -> Course:
    """The course of `branches`; `tags` are the commits of releases, which may lie elsewhere."""
    tips = {branch.role: branch.commit for branch in branches}
    parents = graph(repo, [*tips.values(), *tags])
    registry = _first_parents(parents, tips[REGISTRY])
    own = tips.get(ENVIRONMENTS, "")
    environments = _first_parents(parents, own) if own else ()
    return Course(
        registry,
        environments,
        parents,
        first_reached(parents, registry),
        first_reached(parents, environments),
    )


def environment_places(course: Course, needed: Mapping[str, int]) -> Iterator[tuple[int, str]]:
    """The commits of the environments' branch, each with the place on the registry's after which
    it stands: it comes after all that it reaches there, and after the releases that it names.

    `needed` is the latter, by commit.
    """
    place = -1
    highest: dict[int, int] = {}
    line = {commit: index for index, commit in enumerate(course.registry)}
    for commit, index in course.reached_apart.items():
        if commit in line:
            highest[index] = max(highest.get(index, -1), line[commit])
    for index, commit in enumerate(course.environments):
        place = max(place, highest.get(index, -1), needed.get(commit, -1))
        yield place, commit


def merged_into(course: Course, role: str, commits: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """What each of `commits`, merges on the branch of a role, brought along; oldest first."""
    apart = role == ENVIRONMENTS
    reached = course.reached_apart if apart else course.reached
    line = course.environments if apart else course.registry
    places = {commit: index for index, commit in enumerate(line)}
    return {
        commit: tuple(reversed(_brought(course.parents, reached, commit, places[commit])))
        for commit in commits
    }


def _brought(
    parents: Mapping[str, tuple[str, ...]], reached: Mapping[str, int], commit: str, place: int
) -> list[str]:
    """Newest first as far as a walk tells: parents after at least one of their children."""
    found: dict[str, None] = {}
    waiting = list(parents[commit][1:])
    while waiting:
        one = waiting.pop()
        if reached.get(one) == place and one not in found:
            found[one] = None
            waiting += parents[one]
    return list(found)


def _first_parents(parents: Mapping[str, tuple[str, ...]], tip: str) -> tuple[str, ...]:
    line = []
    commit = tip
    while commit:
        line.append(commit)
        commit = next(iter(parents[commit]), "")
    return tuple(reversed(line))


def _registry_branch(repo: Repository, name: str) -> Branch:
    if not name:
        line = checked_out_line(repo)
        return Branch(REGISTRY, line.ref.removeprefix("refs/heads/"), line.commit)
    wanted = (f"refs/heads/{name}", f"refs/remotes/origin/{name}")
    rows = ref_fields(repo, wanted, ("refname", "objectname"))
    there = {row[0]: row[1] for row in rows}
    commit = next((there[ref] for ref in wanted if ref in there), "")
    if not commit:
        raise GitError(
            f"there is no branch `{name}`, which `promptreg.yaml` names for releases",
            hint=f"`git fetch origin {name}:refs/remotes/origin/{name}` gets it",
        )
    return Branch(REGISTRY, name, commit)
