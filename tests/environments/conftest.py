"""A small registry with a history and a release, and a shell in which promptreg runs."""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

FILES = {
    "promptreg.yaml": (
        "apiVersion: promptreg/v1\nkind: Registry\nname: demo\n"
        "owners: {team: {contact: team@example.com}}\n"
        "environments: {staging: {}, production: {after: staging}}\n"
    ),
    "prompts/demo.prompt.yaml": (
        "apiVersion: promptreg/v1\nkind: Prompt\nname: demo\ndescription: Grüße.\nowner: team\n"
        "lifecycle: active\nrisk: low\nmodel: {name: gpt-5-mini}\n"
        "inputs:\n  who: {type: string, description: Whom to greet.}\n"
        "messages:\n  - {role: user, template: demo.j2}\n"
    ),
    "prompts/demo.j2": "Grüße {{ who }}.\nBye 👋.\n",
    "prompts/other.prompt.yaml": (
        "apiVersion: promptreg/v1\nkind: Prompt\nname: other\nowner: team\nlifecycle: active\n"
        "risk: low\nmodel: {name: gpt-5-mini}\nmessages: [{role: user, content: Hi}]\n"
    ),
    "inputs/demo.json": '{"who": "Änn"}\n',
    ".gitattributes": "* -text\n",
}


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    stdout: bytes
    stderr: bytes

    @property
    def said(self) -> str:
        """Both streams, whatever their encoding."""
        return (self.stdout + b"\n" + self.stderr).decode("utf-8", "backslashreplace")


@dataclass(frozen=True)
class Place:
    """A folder, and the shell around it."""

    home: Path
    repo: Path

    def shell(self, script: str, folder: Path | None = None, **more: str) -> Ended:
        """Run a bash script, in the repository where no folder is given."""
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-c", script], cwd=folder or self.repo,
            env={**self.environ(), **more}, stdin=subprocess.DEVNULL, capture_output=True,
            check=False, timeout=120,
        )  # fmt: skip
        return Ended(done.returncode, done.stdout, done.stderr)

    def must(self, script: str, folder: Path | None = None) -> str:
        """As `shell`; fails the test where the script fails."""
        ended = self.shell(f"set -e; {script}", folder)
        assert ended.code == 0, ended.said
        return ended.stdout.decode().strip()

    def environ(self) -> dict[str, str]:
        """Everything that a command sees of the world."""
        return {
            "PATH": f"{self.home / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            "HOME": str(self.home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CEILING_DIRECTORIES": str(self.repo.parent),
            "PROMPTREG_NOW": "2026-01-05T09:00:00+00:00",
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "TERM": "dumb",
            "COLUMNS": "100",
        }


def state_of(folder: Path) -> Mapping[str, str]:
    """Every file below `folder` with what it holds and how it may be used; no cache of ours."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and "promptreg/cache/" not in str(path):
            held = hashlib.sha256(path.read_bytes()).hexdigest()
            found[str(path.relative_to(folder))] = f"{path.stat().st_mode:o} {held}"
    return found


@pytest.fixture
def state() -> Callable[[Path], Mapping[str, str]]:
    """`state_of`."""
    return state_of


def _home(path: Path) -> Path:
    (path / "bin").mkdir(parents=True)
    shim = path / "bin" / "promptreg"
    shim.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m promptreg "$@"\n')
    shim.chmod(0o755)
    (path / ".gitconfig").write_text(
        "[user]\n\tname = Ann Example\n\temail = ann@example.com\n[init]\n\tdefaultBranch = main\n"
        '[protocol "file"]\n\tallow = always\n[gc]\n\tauto = 0\n'
    )
    return path


_BUILD = """git init -q {options} . && git add -A && git commit -qm base
promptreg release demo --version 1.0.0
promptreg promote demo@1.0.0 --env staging
echo More. >> prompts/demo.j2 && git commit -qam more"""


def _built(path: Path, options: str) -> Path:
    place = Place(_home(path / "home"), path / "repo")
    for name, text in FILES.items():
        (place.repo / name).parent.mkdir(parents=True, exist_ok=True)
        (place.repo / name).write_text(text)
    place.must(_BUILD.format(options=options))
    return place.repo


@pytest.fixture(scope="session")
def sha1_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two commits, the release demo@1.0.0. Only to be copied."""
    return _built(tmp_path_factory.mktemp("sha1"), "")


@pytest.fixture(scope="session")
def sha256_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same in a repository whose ids are SHA-256. Only to be copied."""
    return _built(tmp_path_factory.mktemp("sha256"), "--object-format=sha256")


@pytest.fixture
def place(tmp_path: Path, sha1_repository: Path) -> Iterator[Place]:
    """A copy of the registry."""
    made = Place(_home(tmp_path / "home"), tmp_path / "repo")
    shutil.copytree(sha1_repository, made.repo, symlinks=True)
    yield made
    subprocess.run(["chmod", "-R", "u+rwX", str(tmp_path)], check=False, capture_output=True)
