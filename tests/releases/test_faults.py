"""I3: killed or failing at any point, a write is done or not, and the same command again works.

Every tenth point is tried, in `make torture` every one. What git itself does between two of its
system calls is tried under strace, in `make torture` where there is one.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from tests.releases.conftest import LEFT_BEHIND, SCALE, Pen

from promptreg.commands.verify import VerifyRequest, verify
from promptreg.releases.unfinished import NOTE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Site

A, B = "support/triage", "support/reply"
AGAIN = {"verb": "promote", "selectors": [f"{B}@0.2.0"], "env": "staging"}
WRITES: dict[str, dict[str, Any]] = {
    "release": {"verb": "release", "name": A},
    "release --changed": {"verb": "release", "name": ""},
    "promote": {"verb": "promote", "selectors": [f"{A}@0.2.0"], "env": "production"},
    "promote, first in its environment": {
        "verb": "promote", "selectors": [f"{A}@0.2.0"], "env": "staging",
    },
    "rollback": {"verb": "rollback", "name": B, "env": "production"},
    "rollback of files": {"verb": "rollback", "name": A, "to": "0.1.0"},
    "rollback of files, no commit": {
        "verb": "rollback", "name": A, "to": "0.1.0", "commit": False,
    },
    "promote, pushed": {
        "verb": "promote", "selectors": [f"{A}@0.2.0"], "env": "production", "push": True,
    },
    "release, pushed": {"verb": "release", "name": A, "push": True},
}  # fmt: skip
MAIN = ("release", "promote", "rollback", "rollback of files")
KINDS = ("kill", "ENOSPC", "EIO")


@pytest.fixture(scope="session")
def ready_template(pair_template: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Two entries, changed since their releases; production ran two releases of the second."""
    made = pair_template.copy_to(tmp_path_factory.mktemp("ready") / "repo", pair_template.environ)
    made.promote(f"{B}@0.2.0")
    made.prompt(A, "three {{ who }}")
    made.changed("three {{ who }}", B)
    return made


@pytest.fixture
def ready(
    ready_template: Site, tmp_path: Path, sealed_environ: dict[str, str]
) -> Callable[[str], Site]:
    """Makes a copy of it, with a remote of its own."""

    def copy(name: str) -> Site:
        made = ready_template.copy_to(tmp_path / name, sealed_environ)
        remote = tmp_path / f"{name}.git"
        made.run("clone", "--quiet", "--bare", made.path.as_uri(), str(remote))
        made.run("remote", "add", "origin", remote.as_uri())
        return made

    return copy


def own(site: Site) -> str:
    """Where branches and tags stand."""
    return site.text("for-each-ref", "--format=%(refname) %(objectname)", "refs/heads", "refs/tags")


def checked(site: Site) -> None:
    """What holds at any moment, whatever happened."""
    done = subprocess.run(
        ["git", "fsck", "--strict", "--no-dangling"], cwd=site.path, env=dict(site.environ),
        capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, b""), done.stderr
    assert verify(site.workspace, VerifyRequest()).report.findings == ()


def finished(site: Site) -> None:
    """What holds once a write has ended well."""
    checked(site)
    git = site.path / ".git"
    assert not [one for one in git.iterdir() if LEFT_BEHIND.match(one.name)]
    assert not (git / NOTE).exists()


@pytest.mark.parametrize("name", WRITES)
def test_a_write_is_done_or_not(
    name: str,
    ready: Callable[[str], Site],
    pen: Pen,
    record_property: Callable[[str, object], None],
) -> None:
    whole = ready("whole")
    before = own(whole), whole.state()
    counted = pen.write(whole, WRITES[name])
    assert counted["said"][0][0] == "done", counted
    after, points = (own(whole), whole.state()), counted["points"]
    assert points >= 5
    reached = pen.write(ready("counted"), WRITES[name], fault=("kill", points - 2))
    assert reached["killed"], "the last points but two are always reached"
    every = 1 if SCALE > 1 else 10 if name in MAIN else 40
    for index, kind in enumerate(KINDS):
        tried = range(1 + index * every // 3, points + 1, every)
        for at in tried:
            site = ready(f"{kind}-{at}")
            _try_point(site, pen, WRITES[name], (kind, at), (before, after))
            shutil.rmtree(site.path)
        record_property("figures", json.dumps({f"points of {name}: {kind}": len(tried)}))


def _try_point(
    site: Site,
    pen: Pen,
    write: dict[str, Any],
    fault: tuple[str, int],
    states: tuple[Any, Any],
) -> None:
    before, after = states
    ended = pen.write(site, write, fault=fault)
    if not ended["killed"] and ended["points"] < fault[1]:
        return  # this run had a point or two less: a folder that another one had to make
    assert ended["killed"] == (fault[0] == "kill"), ended
    assert ended["code"] == 0, ended
    # Refs: all or none. Files may lag behind until the next write.
    assert own(site) in (before[0], after[0]), ended
    checked(site)
    if ended["said"] and ended["said"][0][0] == "done":
        assert own(site) == after[0]
        if (site.path / ".git" / NOTE).exists():  # its removal failed: the next write's work
            assert pen.write(site, AGAIN)["said"][0][0] == "done", ended
    elif fault[1] % 2:
        again = pen.write(site, write)
        assert again["said"][0][0] == "done", (ended, again)
        assert site.state() == after[1]
    else:
        other = pen.write(site, AGAIN)
        assert other["said"][0][0] == "done", (ended, other)
    finished(site)
    if write.get("commit", True):
        assert site.text("status", "--porcelain") == ""


def test_many_tags_at_once_are_made_or_not(ready: Callable[[str], Site], pen: Pen) -> None:
    """So many go to git as one pack."""
    names = [f"many/one-{number}" for number in range(16)]
    write, origin = WRITES["release --changed"], ready("many")
    for name in names:
        origin.prompt(name)
    origin.commit()
    for name in names:
        origin.release(name)
        origin.prompt(name, "two {{ who }}")
    origin.commit()

    def copy(name: str) -> Site:
        return origin.copy_to(origin.path.parent / name, origin.environ)

    whole = copy("whole")
    before = own(whole), whole.state()
    counted = pen.write(whole, write)
    after, points = (own(whole), whole.state()), counted["points"]
    assert "packs: 1" in whole.text("count-objects", "-v")
    every = 1 if SCALE > 1 else 20
    for index, kind in enumerate(KINDS):
        for at in range(1 + index * every // 3, points + 1, every):
            site = copy(f"{kind}-{at}")
            _try_point(site, pen, write, (kind, at), (before, after))
            shutil.rmtree(site.path)


def test_a_file_that_was_edited_after_a_crash_is_left_alone(
    ready: Callable[[str], Site], pen: Pen
) -> None:
    """Whoever edits what a killed write left behind keeps the edit, and is told."""
    file = "environments/production.yaml"
    write = WRITES["promote"]
    site = _killed_half_way(pen, write, ready)
    site.file(file, "# mine\n" + (site.path / file).read_text())
    kept = (site.path / file).read_text()
    again = pen.write(site, AGAIN)
    assert again["said"][0][0] == "done", again
    assert (site.path / file).read_text() == kept
    refused = pen.write(site, {"verb": "rollback", "name": A, "env": "production"})
    assert "not committed" in refused["said"][0][1]


def test_a_roll_back_that_broke_off_is_not_done_twice(
    three: Site, pen: Pen, tmp_path: Path
) -> None:
    """The release before the one before would run, which nobody asked for."""
    three.release()
    for version in ("0.1.0", "0.2.0", "1.0.0"):
        three.promote(f"support/triage@{version}")
    write = {"verb": "rollback", "name": "support/triage", "env": "production"}

    def copy(name: str) -> Site:
        return three.copy_to(tmp_path / name, three.environ)

    site = _killed_half_way(pen, write, copy)
    again = pen.write(site, write)
    assert again["said"][0][:2] == ["done", "Roll back production to support/triage@0.2.0"]
    assert site.runs() == {"support/triage": "0.2.0"}
    assert pen.write(site, write)["said"][0][0] == "done"
    assert site.runs() == {"support/triage": "0.1.0"}


def _killed_half_way(pen: Pen, write: dict[str, Any], copy: Callable[[str], Site]) -> Site:
    """A copy in which a write was killed after its refs had moved and before its files had."""
    whole = copy("whole")
    points = pen.write(whole, write)["points"]
    after = own(whole)
    for at in range(points, 0, -1):
        site = copy(f"half-way-{at}")
        pen.write(site, write, fault=("kill", at))
        if own(site) == after and site.text("status", "--porcelain"):
            return site
    raise AssertionError("no point between the refs and the files")


def test_a_note_of_nonsense_stops_nobody(ready: Callable[[str], Site], pen: Pen) -> None:
    for number, text in enumerate((b"", b"{", b"\xff", b"[]", b'{"updates": [[1]]}', b"null")):
        site = ready(f"{number}")
        (site.path / ".git" / NOTE).write_bytes(text)
        assert pen.write(site, WRITES["promote"])["said"][0][0] == "done"
        finished(site)
