"""Where rows are measured: registries made once and kept, and copies that may be changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from benchmarks.generate import Size, generate
from benchmarks.peers import MissingError, install, program

FULL = {
    "S": Size(1_000, 300, 2_000, genuine=True),
    "L": Size(10_000, 5_000, 50_000, genuine=True),
    # As many releases as L, of as many prompts as S.
    "R": Size(1_000, 300, 50_000, genuine=True),
    "T": Size(1_000, 2, 100_000, genuine=True),
    # One commit, and every entry is released at it.
    "W": Size(1_000, 1, 1_000, genuine=True),
}
SMALL = {
    "S": Size(100, 60, 200, genuine=True),
    "L": Size(300, 120, 1_500, genuine=True),
    "R": Size(100, 60, 1_500, genuine=True),
    "T": Size(100, 2, 3_000, genuine=True),
    "W": Size(100, 1, 100, genuine=True),
}
SCHEMAS = Path(__file__).parent.parent / "schemas"
_GITCONFIG = (
    "[user]\n\tname = Ann Example\n\temail = ann@example.com\n[init]\n\tdefaultBranch = main\n"
    "[gc]\n\tauto = 0\n[advice]\n\tdetachedHead = false\n"
)


@dataclass(frozen=True)
class Bench:
    """The sizes of a run, and everything that rows need to be measured."""

    cache: Path
    full: bool
    largest: int | None = None
    """Where the curves of growth stop."""

    @property
    def python(self) -> str:
        """The Python that promptreg is installed for."""
        return sys.executable

    @property
    def promptreg(self) -> str:
        """Its program."""
        return str(Path(sys.executable).with_name("promptreg"))

    @cached_property
    def environ(self) -> Mapping[str, str]:
        """What programs see: no settings of whoever runs this."""
        home = self.cache / "home"
        home.mkdir(parents=True, exist_ok=True)
        # By this name every reader of git's settings finds it, not only git.
        (home / ".gitconfig").write_text(_GITCONFIG, encoding="ascii")
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "PRE_COMMIT_HOME": str(home / "pre-commit"),
        }

    def registry(self, name: str) -> Path:
        """The registry S, L, R, T or W of this run's sizes. Not to be changed."""
        return self.made((FULL if self.full else SMALL)[name])

    def made(self, size: Size) -> Path:
        """A registry of that size: kept from an earlier run, or made now. Not to be changed."""
        folder = self.cache / f"{size.prompts}-{size.commits}-{size.tags}-{size.seed}"
        if not (folder / ".git" / "whole").exists():
            shutil.rmtree(folder, ignore_errors=True)
            print(f"making {folder.name} (prompts, commits, tags, seed)", file=sys.stderr)
            generate(folder, size)
            self.git(folder, "commit-graph", "write", "--reachable", "--changed-paths")
            (folder / ".git" / "whole").touch()
        return folder

    def copy(self, name: str, use: str) -> Path:
        """A copy of a registry, made anew, for a row that changes it."""
        origin, copy = self.registry(name), self.cache / f"copy-{use}"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(origin, copy, symlinks=True)
        self.git(copy, "status", "--porcelain")  # refreshes its index
        return copy

    def peer(self, name: str) -> str:
        """A peer's program; MissingError where there is none. Small runs have no network."""
        if not self.full and not (self.cache / "peers").exists():
            raise MissingError(f"{name} is only installed by a full run")
        return program(install(self.cache / "peers"), name)

    def git(self, folder: Path, *words: str, stdin: str = "") -> str:
        """What git says, in a row's preparation."""
        done = subprocess.run(
            ("git", *words),
            cwd=folder,
            env=dict(self.environ),
            input=stdin,
            capture_output=True,
            check=True,
            encoding="utf-8",
            errors="surrogateescape",
        )
        return done.stdout.strip()
