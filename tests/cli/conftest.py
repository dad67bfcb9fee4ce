"""A sealed shell in which the real `promptreg` runs, and transcripts of what it says there.

Rewrite transcripts with `pytest tests/cli --update-transcripts`, then read `git diff`.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
_IDENTITY = "[user]\n\tname = Example Author\n\temail = author@example.com\n"
_SETTINGS = "[init]\n\tdefaultBranch = main\n[advice]\n\tdetachedHead = false\n[gc]\n\tauto = 0\n"
_HEX = re.compile(r"\b(sha256:)?([0-9a-f]{7,64})\b")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-transcripts",
        action="store_true",
        help="Rewrite tests/cases/cli/*/transcript.txt with what was said.",
    )


@dataclass(frozen=True)
class Said:
    """What a command line answered: both streams in their order, and the exit code."""

    output: str
    code: int


@dataclass
class Session:
    """A shell whose home, clock, locale and width are fixed.

    The working folder and the clock go on from one command to the next: each takes a minute.
    """

    home: Path
    repo: Path
    variables: dict[str, str] = field(default_factory=dict)
    minutes: int = 0
    ids: list[str] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)

    def run(self, command: str) -> Said:
        """Run a bash command line where the one before it ended."""
        self.minutes += 1
        state = self.home / "cwd"
        here = state.read_text().removesuffix("\n") if state.exists() else str(self.repo)
        script = f"cd {shlex.quote(here)}\n{command}\ncode=$?\npwd > {shlex.quote(str(state))}\nexit $code"
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-c", script],
            cwd=self.repo,
            env=self.environ(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=60,
            check=False,
        )
        return Said(done.stdout.decode("utf-8", "backslashreplace"), done.returncode)

    def normalised(self, text: str) -> str:
        """`text` without what differs from run to run; an id gets the same word throughout."""
        text = text.replace(str(self.repo), "$REPO").replace(str(self.home), "$HOME")
        return _HEX.sub(self._named, text)

    def environ(self) -> dict[str, str]:
        """Everything that a command sees of the world."""
        now = (START + timedelta(minutes=self.minutes)).isoformat()
        return {
            "PATH": f"{self.home / 'bin'}:{os.environ.get('PATH', os.defpath)}",
            "HOME": str(self.home),
            "REPO": str(self.repo),
            "GIT_CONFIG_GLOBAL": str(self.home / "gitconfig"),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CEILING_DIRECTORIES": str(self.repo.parent),
            "GIT_AUTHOR_DATE": now,
            "GIT_COMMITTER_DATE": now,
            "PROMPTREG_NOW": now,
            "COLUMNS": "100",
            "TERMINAL_WIDTH": "100",
            "NO_COLOR": "1",
            "TERM": "dumb",
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            **self.variables,
        }

    def _named(self, match: re.Match[str]) -> str:
        if match[1]:
            return f"<digest{_number(self.digests, match[2])}>"
        if match[2].isdigit() or match[2].isalpha():
            return match[0]  # a number, or a word such as `defaced`
        return f"<id{_number(self.ids, match[2])}>"


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """A session in an empty folder, not a repository."""
    home, repo = tmp_path / "home", tmp_path / "repo"
    (home / "bin").mkdir(parents=True)
    repo.mkdir()
    (home / "gitconfig").write_text(_IDENTITY + _SETTINGS)
    shim = home / "bin" / "promptreg"
    shim.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m promptreg "$@"\n')
    shim.chmod(0o755)
    return Session(home, repo.resolve())


def _number(known: list[str], found: str) -> int:
    """The place of an id among those seen; an abbreviated one is the same."""
    for index, one in enumerate(known):
        if one.startswith(found) or found.startswith(one):
            return index + 1
    known.append(found)
    return len(known)
