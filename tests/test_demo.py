"""The demo tells its story, leaves nothing behind, and fails where a step doesn't do what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
DEMO = TOP / "scripts" / "demo.sh"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A machine on which git is set up in an odd way, and `promptreg` is on PATH."""
    commands, temporary = tmp_path / "bin", tmp_path / "tmp"
    commands.mkdir()
    temporary.mkdir()
    (tmp_path / "gitconfig").write_text(
        "[commit]\n\tgpgSign = true\n[core]\n\thooksPath = /nowhere\n[init]\n\tdefaultBranch = odd\n"
    )
    shim = commands / "promptreg"
    shim.write_text(f'#!/bin/sh\nexec {sys.executable} -m promptreg "$@"\n')
    shim.chmod(0o755)
    return {
        "PATH": f"{commands}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "TMPDIR": str(temporary),
        "GIT_CONFIG_GLOBAL": str(tmp_path / "gitconfig"),
        "GIT_DIR": "/nowhere",
        "TZ": "Asia/Tokyo",
    }


def test_the_story(environ: dict[str, str], tmp_path: Path) -> None:
    done = _run(environ)
    assert done.returncode == 0, done.stdout
    for words in (
        "error[undeclared-input] `region`",
        "region: an optional input was added",
        "Released support/triage 0.1.0",
        "Released support/triage 0.2.0",
        "Roll back production to support/triage@0.1.0",
        "On Call  Every key-account mail is p1",
        "the same bytes",
    ):
        assert words in done.stdout
    assert "\033" not in done.stdout
    assert max(len(line) for line in re.findall(r"^[#$A-Z].*", done.stdout, re.MULTILINE)) <= 100
    assert not list((tmp_path / "tmp").iterdir())


def test_a_step_that_goes_wrong_fails_the_demo(environ: dict[str, str], tmp_path: Path) -> None:
    shim = tmp_path / "bin" / "promptreg"
    shim.write_text('#!/bin/sh\necho "No findings"\n')
    done = _run(environ)
    assert done.returncode == 1
    assert "The demo failed: this should have been refused" in done.stdout
    assert not list((tmp_path / "tmp").iterdir())


def _run(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(DEMO)], env=environ, capture_output=True, text=True, timeout=110, check=False
    )
