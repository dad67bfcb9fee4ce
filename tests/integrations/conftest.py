"""A change that breaks callers, and a machine of a CI service to judge it on."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Site

# What `python3` is there: it makes no real venv and installs nothing, for that needs a network. It
# insists on -I, without which a module of the pull request would be run.
PYTHON = """\
#!/bin/sh
set -eu
[ "$1" = -I ] || {{ echo "python without -I" >&2; exit 97; }}
case "$2 $3" in
  "-m venv") mkdir -p "$4/bin" && cp "$0" "$4/bin/python" ;;
  "-m pip")
    for last; do :; done
    echo "$last" > "$(dirname "$0")/installed"
    cp {promptreg} "$(dirname "$0")/promptreg" ;;
  *) exec {python} "$@" ;;
esac
"""
DECLARATION = """\
apiVersion: promptreg/v1
kind: Change
name: support/triage
bump: major
reason: Nobody is greeted by name any more.
owner: team
"""


@dataclass
class Machine:
    """A folder with programs, and the variables that they see."""

    room: Path
    environ: dict[str, str] = field(default_factory=dict)

    def run(
        self, words: list[str], cwd: Path, more: Mapping[str, str] = {}
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as a CI job does; both streams end up in `stdout`."""
        return subprocess.run(
            words, cwd=cwd, env={**self.environ, **more}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=120,
        )  # fmt: skip


@pytest.fixture
def machine(tmp_path: Path, sealed_environ: dict[str, str]) -> Machine:
    """A machine with `python3` and `promptreg` on PATH."""
    programs = tmp_path / "programs"
    programs.mkdir()
    python = shlex.quote(sys.executable)
    promptreg = f'#!/bin/sh\nexec {python} -m promptreg "$@"\n'
    shown = shlex.quote(str(programs / "promptreg"))
    for name, text in (
        ("promptreg", promptreg),
        ("python3", PYTHON.format(python=python, promptreg=shown)),
    ):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    path = f"{programs}:{sealed_environ['PATH']}"
    return Machine(tmp_path, {**sealed_environ, "PATH": path, "CI": "true"})


@pytest.fixture
def proposal(site: Site) -> Site:
    """A branch `topic`, checked out, that removes an input which `main` has."""
    site.run("switch", "--quiet", "-c", "topic")
    place = site.path / "prompts/support/triage.prompt.yaml"
    lines = place.read_text().splitlines(keepends=True)
    kept = [line for line in lines if "who:" not in line and not line.startswith("inputs:")]
    assert len(kept) == len(lines) - 2
    place.write_text("".join(kept))
    site.file("prompts/support/triage.j2", "Hello you")
    site.commit("drop an input")
    return site


@pytest.fixture
def declared(proposal: Site) -> Site:
    """The same branch, which also says that the change is meant."""
    proposal.file("changes/drop-who.change.yaml", DECLARATION)
    proposal.commit("declare it")
    return proposal
