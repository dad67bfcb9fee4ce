"""Several processes write to one repository, and several clones push to one remote.

4 processes with 10 writes each and 3 clones with 5; in `make torture` 8 with 200 and 6 with 50.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.releases.conftest import LEFT_BEHIND, SCALE, Pen

from promptreg.commands.verify import VerifyRequest, verify

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Site

PROCESSES, WRITES = (4, 10) if SCALE == 1 else (8, min(200, 10 * SCALE))
CLONES, PUSHES = (3, 5) if SCALE == 1 else (6, min(50, 3 * SCALE))
SHARED = "support/triage"


@pytest.fixture
def many(site: Site) -> Site:
    """An entry for each process, with the releases 0.1.0 and 0.2.0, and a shared one."""
    names = [f"own-{number}" for number in range(max(PROCESSES, CLONES))]
    for name in names:
        site.prompt(name)
    site.commit()
    for name in (*names, SHARED):
        site.release(name)
        site.changed("two {{ who }}", name)
        site.release(name)
    return site


def promote(name: str, step: int, **more: Any) -> dict[str, Any]:
    """Another release of an entry than the step before."""
    selector = f"{name}@0.{1 + step % 2}.0"
    return {"verb": "promote", "selectors": [selector], "env": "production", **more}


def sound(site: Site) -> None:
    """What holds at the end."""
    assert site.run("fsck", "--strict", "--no-dangling") == b""
    assert verify(site.workspace, VerifyRequest()).report.findings == ()
    assert site.text("status", "--porcelain") == ""
    assert not [one for one in (site.path / ".git").iterdir() if LEFT_BEHIND.match(one.name)]


def test_promotions_of_other_entries_all_succeed(
    many: Site, pen: Pen, record_property: Callable[[str, object], None]
) -> None:
    start = many.text("rev-parse", "HEAD")
    jobs = [
        pen.job(many, *(promote(f"own-{number}", step) for step in range(WRITES)))
        for number in range(PROCESSES)
    ]
    said = [one for answer in pen.together(jobs) for one in answer["said"]]
    assert [one for one in said if one[0] != "done"] == []
    assert len(said) == PROCESSES * WRITES
    assert many.text("rev-list", "--count", f"{start}..HEAD") == str(len(said))
    last = f"0.{1 + (WRITES - 1) % 2}.0"
    assert many.runs() == {f"own-{number}": last for number in range(PROCESSES)}
    sound(many)
    record_property("figures", json.dumps({"promotions of processes at once": len(said)}))


def test_of_promotions_of_the_same_entry_each_is_done_or_refused(
    many: Site, pen: Pen, record_property: Callable[[str, object], None]
) -> None:
    start = many.text("rev-parse", "HEAD")
    jobs = [
        pen.job(many, *(promote(SHARED, step) for step in range(number, number + WRITES)))
        for number in range(PROCESSES)
    ]
    said = [one for answer in pen.together(jobs) for one in answer["said"]]
    done = [one for one in said if one[0] == "done"]
    assert many.text("rev-list", "--count", f"{start}..HEAD") == str(len(done))
    refused = [one[1] for one in said if one[0] != "done"]
    assert [one for one in refused if " already" not in one and "was moved to" not in one] == []
    sound(many)
    record_property("figures", json.dumps({"promotions of one entry at once": len(said)}))


def test_releases_at_once_make_one_chain(
    many: Site, pen: Pen, record_property: Callable[[str, object], None]
) -> None:
    """Every process wants another version of the same content, and a release of its own entry."""
    many.prompt(SHARED, "three {{ who }}")
    for number in range(PROCESSES):
        many.prompt(f"own-{number}", "three {{ who }}")
    many.commit()
    jobs = [
        pen.job(
            many,
            {"verb": "release", "name": SHARED, "bump": ("patch", "minor", "major")[number % 3]},
            {"verb": "release", "name": f"own-{number}"},
        )
        for number in range(PROCESSES)
    ]
    answers = pen.together(jobs)
    assert [answer["said"][1][0] for answer in answers] == ["done"] * PROCESSES
    assert [answer["said"][0][0] for answer in answers].count("done") == 1, answers
    assert len(many.text("tag", "--list", f"{SHARED}@*").split()) == 3
    sound(many)
    record_property("figures", json.dumps({"releases at once": 2 * PROCESSES}))


def test_clones_push_to_one_remote(
    many: Site,
    pen: Pen,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    """Nobody's write is lost, and no clone keeps what the remote refused."""
    remote = tmp_path / "remote.git"
    many.run("clone", "--quiet", "--bare", many.path.as_uri(), str(remote))
    start = many.text("rev-parse", "HEAD")
    clones = []
    for number in range(CLONES):
        clones.append(replace(many, path=tmp_path / f"clone-{number}"))
        many.run("clone", "--quiet", remote.as_uri(), str(clones[-1].path))
    jobs = [
        pen.job(clone, *(promote(f"own-{number}", step, push=True) for step in range(PUSHES)))
        for number, clone in enumerate(clones)
    ]
    said = [one for answer in pen.together(jobs) for one in answer["said"]]
    done = [one for one in said if one[0] == "done"]
    # A write that loses six times running is refused, and taken back.
    assert [one for one in said if one[0] != "done" and "taken back" not in one[1]] == []
    assert len(done) >= len(said) // 2
    hub = replace(many, path=tmp_path / "hub")
    many.run("clone", "--quiet", remote.as_uri(), str(hub.path))
    assert hub.text("rev-list", "--count", f"{start}..HEAD") == str(len(done))
    sound(hub)
    for clone in clones:
        clone.run("fetch", "-q")
        clone.run("merge", "-q", "--ff-only", "origin/main")
        assert clone.text("rev-parse", "HEAD") == hub.text("rev-parse", "HEAD")
        sound(clone)
    tried, refused = "promotions pushed by clones", "of them refused and taken back"
    counts = {tried: len(said), f"{tried}, {refused}": len(said) - len(done)}
    record_property("figures", json.dumps(counts))


def test_releases_of_clones_make_one_chain(many: Site, pen: Pen, tmp_path: Path) -> None:
    """All clones want to release the same change: one does, the others keep nothing of it."""
    many.changed("three {{ who }}", SHARED)
    remote = tmp_path / "remote.git"
    many.run("clone", "--quiet", "--bare", many.path.as_uri(), str(remote))
    clones = [replace(many, path=tmp_path / f"clone-{number}") for number in range(CLONES)]
    for clone in clones:
        many.run("clone", "--quiet", remote.as_uri(), str(clone.path))
    write = {"verb": "release", "name": SHARED, "push": True}
    answers = pen.together(
        [{**pen.job(one, write), "seconds": 2_000_000_000 + n} for n, one in enumerate(clones)]
    )
    assert [answer["said"][0][0] for answer in answers].count("done") == 1, answers
    for clone in clones:
        clone.run("fetch", "-q", "--tags")
        sound(clone)
