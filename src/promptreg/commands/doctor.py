"""`doctor`: what is unsafe or missing about this repository and machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from promptreg.errors import GitError, PromptregError, RegistryError
from promptreg.model.configuration import FILE
from promptreg.ops.doctor.clone import clone_items
from promptreg.ops.doctor.machine import machine_items
from promptreg.ops.doctor.registry import registry_items
from promptreg.ops.doctor.remote import remote_items
from promptreg.registry.configuration import read_configuration
from promptreg.registry.root import find_root
from promptreg.reporters.doctor import Diagnosis, Item, Level
from promptreg.store.git.condition import version_text
from promptreg.store.git.environment import GitEnvironment
from promptreg.store.git.process import find_git
from promptreg.store.git.repository import Repository, find_repository
from promptreg.store.trees import WorkTree


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where promptreg was started. `encoding` is the one of standard output."""

    folder: Path
    environ: Mapping[str, str]
    encoding: str


def doctor(around: Surroundings, *, online: bool = False) -> Diagnosis:
    """Look at everything; what is broken is told and never ends the looking.

    `online` asks the remote for its tags, in the user's own environment.
    """
    return Diagnosis(str(around.folder), online, tuple(_items(around, online=online)))


def _items(around: Surroundings, *, online: bool) -> Iterator[Item]:
    yield from machine_items(around.encoding)
    repo, items = _repository(around)
    yield from items
    if repo is not None:
        yield from _attempt(clone_items(repo), "clone")
    yield from _registry(around.folder, repo)
    if online and repo is not None:
        yield from _attempt(remote_items(repo), "remote")


def _repository(around: Surroundings) -> tuple[Repository | None, list[Item]]:
    try:
        git = find_git(GitEnvironment.of(around.environ))
    except GitError as problem:
        return None, [_broken("git", problem)]
    items = [Item("git", Level.OK, f"git {version_text(git)}")]
    try:
        repo = find_repository(around.folder, git)
    except GitError as problem:
        return None, [*items, _broken("repository", problem)]
    if repo is None:
        message = "this folder is in no git repository: there are no releases and no history"
        items.append(Item("repository", Level.WARNING, message, "`git init`"))
    return repo, items


def _registry(folder: Path, repo: Repository | None) -> Iterator[Item]:
    try:
        root = find_root(folder.resolve(), top=repo.top_level if repo else None)
        configuration = read_configuration(WorkTree(root, repo))
    except (RegistryError, GitError) as problem:
        yield _broken("registry", problem)
        return
    yield Item("registry", Level.OK, f"{FILE} of `{configuration.name}` can be read")
    if repo is not None:
        items = registry_items(repo, configuration, repo.prefix_of(root))
        yield from _attempt(items, "registry")


def _attempt(items: Iterator[Item], id_: str) -> Iterator[Item]:
    try:
        yield from items
    except PromptregError as problem:
        yield _broken(id_, problem)


def _broken(id_: str, problem: PromptregError) -> Item:
    where = f" ({problem.where})" if problem.where else ""
    return Item(id_, Level.ERROR, f"{problem.what}{where}", problem.hint)
