"""A disk that is full: a write fails in a sentence and leaves the repository as it was."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.environments.conftest import Place

WRITES = (
    "promptreg release demo",
    "promptreg promote demo@1.0.0 --env production",
    "promptreg rollback demo --to 1.0.0",
    "promptreg new prompt support/triage",
    "promptreg render demo --inputs inputs/demo.json --output text.txt",
)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    path = tmp_path / "disk"
    path.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(path)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("a small file system can't be mounted here")
    yield path
    subprocess.run(["umount", "-l", str(path)], check=True)


@pytest.mark.parametrize("line", WRITES)
def test_a_write_on_a_full_disk_changes_nothing(line: str, place: Place, small_disk: Path) -> None:
    repo = small_disk / "repo"
    place.must(f"git -C {place.repo} gc -q; cp -r {place.repo} {repo}")
    before = _state(place, repo)
    place.shell(f"cat /dev/zero > {small_disk / 'fill'}")
    ended = place.shell(line, repo)
    place.must(f"rm {small_disk / 'fill'}")
    assert ended.code == 2, ended.said
    assert ended.said.strip().startswith("error: ")
    assert "Traceback" not in ended.said
    assert _state(place, repo) == before
    assert place.shell("git fsck --strict", repo).code == 0
    again = place.shell(line, repo)
    assert again.code == 0, again.said


def _state(place: Place, repo: Path) -> str:
    script = "git for-each-ref && git status --short --branch && git ls-files --stage"
    return place.must(f"cd {repo} && {script} && cat promptreg.yaml prompts/* environments/*")
