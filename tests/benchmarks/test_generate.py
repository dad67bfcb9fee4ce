"""The generator of big registries keeps its numbers, repeats itself, and releases what it says."""

from __future__ import annotations

import os
import subprocess
from datetime import date
from pathlib import Path

import pytest

from benchmarks.generate import Size, generate
from promptreg.commands.validate import Request, validate
from promptreg.registry.load import load
from promptreg.registry.workspace import open_workspace
from promptreg.releases.ledger import all_releases

SIZE = Size(prompts=25, commits=40, tags=60, seed=3, genuine=True)


def _git(folder: Path, *words: str) -> str:
    done = subprocess.run(("git", *words), cwd=folder, capture_output=True, check=True, text=True)
    return done.stdout.strip()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "repo"
    generate(folder, SIZE)
    return folder


def test_it_has_as_many_of_each_as_asked_for(made: Path) -> None:
    assert _git(made, "rev-list", "--count", "main") == str(SIZE.commits)
    assert len(_git(made, "tag").splitlines()) == SIZE.tags
    assert _git(made, "status", "--porcelain") == ""
    assert _git(made, "rev-list", "--merges", "main") != ""


def test_it_is_the_same_every_time(made: Path, tmp_path: Path) -> None:
    generate(tmp_path / "again", SIZE)
    shown = ("for-each-ref", "--format=%(refname) %(objectname)")
    assert _git(tmp_path / "again", *shown) == _git(made, *shown)


def test_it_starts_without_findings(tmp_path: Path) -> None:
    generate(tmp_path / "repo", Size(prompts=44, commits=1, tags=0))
    report = validate(open_workspace(tmp_path / "repo", os.environ), Request(date(2026, 1, 5)))
    assert report.findings == ()
    assert report.prompts == 44


def test_a_release_promises_what_its_commit_holds_and_names_the_one_before(made: Path) -> None:
    workspace = open_workspace(made, os.environ)
    releases = all_releases(workspace.git)
    snapshots = {
        commit: load(workspace.revision(commit)).snapshot
        for commit in {one.commit for found in releases.values() for one in found}
    }
    for name, found in releases.items():
        previous = ""
        for one in found:
            assert one.problem == ""
            assert one.previous == previous
            entry = snapshots[one.commit].entries[name]
            assert entry.digest() == one.digest, one.tag
            previous = one.tag_object
