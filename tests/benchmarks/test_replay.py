"""A made history goes through `check` commit by commit, and git agrees with every answer."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from benchmarks.generate import Size, generate
from benchmarks.oracle import Expected, Oracle
from benchmarks.replay import disagreements, replay, table
from promptreg.commands.check import Checked, CheckRequest, check
from promptreg.registry.workspace import open_workspace
from promptreg.releases.comparison import Status


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "origin"
    generate(folder, Size(prompts=30, commits=41, tags=40, seed=5, genuine=True))
    return folder


def test_every_commit_holds(origin: Path, tmp_path: Path) -> None:
    seen = replay(origin, tmp_path / "scratch", 40)
    assert seen.problems == []
    assert seen.held == seen.commits == 40
    assert sum(seen.status.values()) > 20, table(seen)


def _answers(origin: Path) -> Iterator[tuple[Checked, Expected]]:
    """`check` of single commits, each with what git says of it."""
    command = ("git", "rev-list", "--first-parent", "-12", "main")
    heads = subprocess.run(command, cwd=origin, capture_output=True, check=True, text=True).stdout
    workspace, oracle = open_workspace(origin, os.environ), Oracle(origin)
    for head in heads.split():
        found = check(workspace, CheckRequest(f"{head}~1", date(2026, 1, 5), head=head))
        yield found, oracle.expected(f"{head}~1", head)


def test_a_wrong_answer_is_seen(origin: Path) -> None:
    found, expected = next(
        (found, expected)
        for found, expected in _answers(origin)
        if any(one.status is Status.CHANGED for one in found.comparison.entries)
    )
    assert disagreements(found, expected) == []
    ghost = replace(expected, named=expected.named | {"prompts/ghost.prompt.yaml"})
    assert "named nowhere" in disagreements(found, ghost)[0]
    silent = replace(found, comparison=replace(found.comparison, entries=(), other_files=()))
    assert any("nothing changed, it says" in one for one in disagreements(silent, expected))
    assert any("no fact tells so" in one for one in disagreements(silent, expected))
    still = replace(expected, bytes_changed=frozenset())
    assert any("no file of it changed" in one for one in disagreements(found, still))
    alike = replace(expected, before=expected.after)
    assert any("the same contents" in one for one in disagreements(found, alike))


def test_a_manifest_that_contradicts_its_file_name_is_no_entry(
    origin: Path, tmp_path: Path
) -> None:
    clone = tmp_path / "clone"
    subprocess.run(("git", "clone", "--quiet", origin, clone), check=True)
    manifest = next(clone.glob("prompts/**/*.prompt.yaml"))
    text = manifest.read_text()
    manifest.write_text(text.replace("kind: Prompt", "kind: Agent"))
    name = next(line for line in text.splitlines() if line.startswith("name:")).split()[1]
    author = ("-c", "user.name=Ann Example", "-c", "user.email=ann@example.com")
    subprocess.run(("git", *author, "commit", "--quiet", "-am", "break"), cwd=clone, check=True)
    expected = Oracle(clone).expected("HEAD~1", "HEAD")
    assert name in expected.before
    assert name not in expected.after
