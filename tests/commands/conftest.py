"""Registries on disk for tests of commands: real git, nothing of the machine's own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from promptreg.model.environment import Pin
from promptreg.model.selector import parse_selector
from promptreg.model.version import parse_version
from promptreg.registry.workspace import Workspace, open_workspace
from promptreg.releases.apply import Writers, apply
from promptreg.releases.environment_file import with_pin
from promptreg.releases.environment_text import new_environment_text
from promptreg.releases.ledger import releases_of
from promptreg.releases.plan import CreateTag, Plan
from promptreg.releases.resolve import resolve
from promptreg.releases.tag import Release
from promptreg.store.git.commits import Signature

NOW = 1_767_600_000
CONFIGURATION = """\
apiVersion: promptreg/v1
kind: Registry
name: test
owners:
  team: {contact: team@example.com}
environments:
  staging: {}
  production: {after: staging}
"""


@dataclass(frozen=True)
class Desk:
    """A folder that a test may do anything to."""

    path: Path
    environ: Mapping[str, str]

    def git(self, *words: str, folder: str = ".") -> str:
        """Run git; fails the test where git does."""
        done = subprocess.run(
            ["git", *words], cwd=self.path / folder, env=dict(self.environ),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def write(self, files: Mapping[str, str]) -> None:
        """Write texts into the folder."""
        for name, text in files.items():
            place = self.path / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")

    def commit(self, message: str = "change") -> str:
        """Commit everything; the commit's id."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def registry(self, files: Mapping[str, str], *, git: bool = True) -> Workspace:
        """A registry of `files`, committed where `git` is true."""
        self.write({"promptreg.yaml": CONFIGURATION, **files})
        if git:
            self.git("init", "--quiet", "-b", "main")
            self.commit("begin")
        return self.open()

    def open(self, folder: str = ".") -> Workspace:
        """The registry as commands see it."""
        return open_workspace((self.path / folder).resolve(), self.environ)

    def release(self, name: str, version: str) -> str:
        """Tag what HEAD holds; the digest that the tag promises."""
        workspace = self.open()
        resolved = resolve(workspace, parse_selector(f"{name}@git:HEAD"))
        digest = resolved.entry.digest()
        earlier = releases_of(workspace.git, name)
        previous = earlier[-1].tag_object if earlier else ""
        release = Release(
            name, parse_version(version), resolved.commit, digest, "minor", previous, ""
        )
        who = Signature("Example Author", "author@example.com", NOW, "+0000")
        apply(workspace, Plan("test", (CreateTag(release, "A test."),)), Writers(who, who))
        return digest

    def point(self, environment: str, name: str, version: str, digest: str) -> None:
        """Commit that `environment` runs a release."""
        place = self.path / "environments" / f"{environment}.yaml"
        text = place.read_text() if place.exists() else new_environment_text(environment)
        pin = Pin(parse_version(version), digest)
        self.write({f"environments/{environment}.yaml": with_pin(text, environment, name, pin)})
        self.commit(f"Promote {name}")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty folder and the environment of a person with an identity and nothing else."""
    home, folder = tmp_path / "home", tmp_path / "desk"
    home.mkdir()
    folder.mkdir()
    date = f"@{NOW} +0000"
    identity = "[user]\n\tname = Example Author\n\temail = author@example.com\n"
    (home / "gitconfig").write_text(identity)
    environ = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_GLOBAL": str(home / "gitconfig"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CEILING_DIRECTORIES": str(tmp_path),
        "GIT_AUTHOR_DATE": date,
        "GIT_COMMITTER_DATE": date,
    }
    return Desk(folder.resolve(), environ)
