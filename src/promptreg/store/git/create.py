"""Making a new repository."""

from __future__ import annotations

from pathlib import Path

from promptreg.store.git.failures import failure
from promptreg.store.git.process import Call, Git, run
from promptreg.store.git.repository import Repository, open_repository


def init_repository(path: Path, git: Git, *, branch: str = "main") -> Repository:
    """A new, empty repository in the existing folder `path`; one that is there already is kept."""
    words = ("init", "--quiet", "--template=", f"--initial-branch={branch}")
    answer = run(git, Call(words), path)
    if answer.code != 0:
        raise failure("init", answer, path)
    return open_repository(path, git)
