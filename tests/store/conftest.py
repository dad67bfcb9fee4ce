"""Real git in a sealed room: no configuration, identity or variable of the machine gets in."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from promptreg.store.git.environment import GitEnvironment
from promptreg.store.git.process import Git, find_git
from promptreg.store.git.repository import Repository, open_repository

NOW = 1_700_000_000


@dataclass(frozen=True)
class Playground:
    """A repository that a test may do anything to, with git as a person would use it."""

    path: Path
    environ: Mapping[str, str]

    def run(self, *words: str | bytes, stdin: bytes = b"") -> bytes:
        """Run git; fails the test where git does."""
        done = subprocess.run(
            ["git", *words], cwd=self.path, env=dict(self.environ), input=stdin,
            capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def text(self, *words: str) -> str:
        """What git says, without the final line feed."""
        return self.run(*words).decode().removesuffix("\n")

    def write(self, name: str | bytes, data: bytes | str) -> None:
        """Put a file into the working tree."""
        place = os.path.join(os.fsencode(self.path), os.fsencode(name))  # noqa: PTH118 - bytes
        os.makedirs(os.path.dirname(place), exist_ok=True)  # noqa: PTH103, PTH120 - bytes
        with open(place, "wb") as file:  # noqa: PTH123 - bytes
            file.write(data.encode() if isinstance(data, str) else data)

    def commit(self, message: str = "change", **files: str) -> str:
        """Commit everything in the working tree; the commit's id."""
        self.run("add", "--all")
        self.run("commit", "--quiet", "--allow-empty", "-m", message)
        return self.text("rev-parse", "HEAD")

    def open(self, **more: str) -> Repository:
        """The repository as promptreg sees it."""
        return open_repository(self.path, find_git(GitEnvironment.of({**self.environ, **more})))


@pytest.fixture
def sealed_environ(tmp_path: Path) -> dict[str, str]:
    """The environment of a person whose home is empty but for an identity."""
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(
        "[user]\n\tname = Ann Example\n\temail = ann@example.com\n"
        '[init]\n\tdefaultBranch = main\n[protocol "file"]\n\tallow = always\n'
    )
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_DATE": f"@{NOW} +0100",
        "GIT_COMMITTER_DATE": f"@{NOW} +0100",
    }


@pytest.fixture
def git(sealed_environ: dict[str, str]) -> Git:
    """git as promptreg starts it, in the sealed room."""
    return find_git(GitEnvironment.of(sealed_environ))


@pytest.fixture
def playground(tmp_path: Path, sealed_environ: dict[str, str]) -> Playground:
    """An empty repository."""
    path = tmp_path / "repo"
    path.mkdir()
    made = Playground(path, sealed_environ)
    made.run("init", "--quiet")
    return made


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    """A file that hostile code would create."""
    return tmp_path / "PWNED"
