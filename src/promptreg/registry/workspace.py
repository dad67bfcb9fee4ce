"""A registry on disk: its root, its git repository where it has one, and its trees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from promptreg.errors import GitError
from promptreg.registry.root import find_root
from promptreg.store.git.environment import GitEnvironment
from promptreg.store.git.process import find_git
from promptreg.store.git.repository import Repository, find_repository
from promptreg.store.trees import RevisionTree, Tree, WorkTree


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where commands work. `git_problem` says why there is no repository, for those who need one."""

    root: Path
    repository: Repository | None
    git_problem: GitError | None = None

    @property
    def git(self) -> Repository:
        """The repository; raises GitError where there is none."""
        if self.repository is None:
            raise self.git_problem or GitError(
                "this registry is not in a git repository",
                where=str(self.root),
                hint="`git init` makes it one; history, releases and environments live in git",
            )
        return self.repository

    @property
    def prefix(self) -> str:
        """The root's path in the repository, with a final slash, or nothing."""
        return self.git.prefix_of(self.root)

    def working_tree(self) -> Tree:
        """The files as they lie there, ignored ones left out."""
        return WorkTree(self.root, self.repository)

    def revision(self, commit: str) -> Tree:
        """The files of a commit (a whole object id)."""
        return RevisionTree(self.git, commit, self.prefix)


def open_workspace(start: Path, environ: Mapping[str, str]) -> Workspace:
    """The registry at or above `start`.

    Without git, or outside a repository, files can still be read; whatever needs history then
    raises the GitError that says what is missing. Raises RegistryError where there is no registry,
    GitError where there is a repository that git refuses or can't read.
    """
    try:
        git = find_git(GitEnvironment.of(environ))
    except GitError as problem:
        return Workspace(find_root(start, top=None), None, problem)
    repository = find_repository(start, git)
    top = repository.top_level if repository else None
    return Workspace(find_root(start.resolve(), top=top), repository)
