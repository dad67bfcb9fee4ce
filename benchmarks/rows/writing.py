"""P9, P13: promoting, and releasing many entries at once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from benchmarks.measure import Program
from benchmarks.places import Bench
from benchmarks.rows.row import Group, Prepared, Ratio
from benchmarks.subjects import manifests, released, retouch
from promptreg.model.version import Bump
from promptreg.registry.workspace import open_workspace
from promptreg.releases.ledger import all_releases
from promptreg.releases.tag import format_object

_WHO = "Ann Example <ann@example.com> 1800000000 +0100"


def _promote(bench: Bench) -> Prepared:
    gto = bench.peer("gto")
    ours, theirs = bench.copy("S", "promote"), bench.copy("S", "assign")
    name, version, _ = released(bench, ours)
    head = bench.git(ours, "rev-parse", "HEAD")

    def back() -> None:
        bench.git(ours, "reset", "--quiet", "--hard", head)

    def unassign() -> None:
        tags = bench.git(theirs, "for-each-ref", "--format=%(refname)", "refs/tags/")
        lines = [f"delete {one}\n" for one in tags.splitlines() if "#" in one]
        bench.git(theirs, "update-ref", "--stdin", stdin="".join(lines))

    promote = ("promote", f"{name}@{version}", "--env", "staging")
    assign = ("assign", name, "--version", f"v{version}", "--stage", "staging")
    return Prepared(
        {
            "gto": Program((gto, *assign), theirs, before=unassign, most=1),
            "promote": Program((bench.promptreg, *promote), ours, before=back),
        },
        (Ratio("P9", "`promote` in S", "`gto assign`", 1 / 100, "promote", ("gto",)),),
    )


def _release(bench: Bench) -> Prepared:
    ours, theirs = bench.copy("W", "release"), bench.cache / "copy-mktag"
    for path in set(manifests(ours)) - _unfit(bench, ours):
        retouch(ours / path, "Said more clearly.")
    bench.git(ours, "commit", "--quiet", "--all", "--message", "Say everything more clearly")
    bench.git(ours, "repack", "-adq")
    shutil.rmtree(theirs, ignore_errors=True)
    shutil.copytree(ours, theirs, symlinks=True)
    contents = _contents(bench, theirs)
    floor = (bench.python, "-m", "benchmarks.floors", "tags")
    root = {"PYTHONPATH": str(Path(__file__).parents[2])}
    return Prepared(
        {
            "mktag": Program(
                floor, theirs, stdin=contents, before=_unreleased(theirs), variables=root
            ),
            "release": Program(
                (bench.promptreg, "release", "--changed"), ours, before=_unreleased(ours)
            ),
        },
        (
            Ratio("P13", "`release --changed` of 1,000 entries", "`git mktag` for each + `update-ref --stdin`", 3.0, "release", ("mktag",)),
        ),
    )  # fmt: skip


def _unfit(bench: Bench, folder: Path) -> set[str]:
    """The files with errors: a release refuses them, and the made registries hold a few."""
    words = (bench.promptreg, "validate", "--format", "json")
    told = subprocess.run(
        words, cwd=folder, env=dict(bench.environ), capture_output=True, check=False
    )
    found = json.loads(told.stdout)["findings"]
    return {one["path"] for one in found if one["severity"] == "error"}


def _contents(bench: Bench, folder: Path) -> bytes:
    """The next release of every prompt, as tag objects with a NUL after each."""
    known = all_releases(open_workspace(folder, os.environ).git)
    head = bench.git(folder, "rev-parse", "HEAD")
    found = b""
    for name, releases in known.items():
        one = releases[-1]
        digest = f"sha256:{sha256(name.encode()).hexdigest()}"
        version = one.version.bumped(Bump.PATCH)
        following = replace(
            one, version=version, commit=head, digest=digest, previous=one.tag_object
        )
        found += format_object(following, "Say everything more clearly", _WHO) + b"\0"
    return found


def _unreleased(folder: Path) -> Callable[[], None]:
    """Takes back what was released: all that was there before is packed."""

    def back() -> None:
        git = folder / ".git"
        shutil.rmtree(git / "refs" / "tags")
        (git / "refs" / "tags").mkdir()
        for one in (git / "objects").iterdir():
            if len(one.name) == 2:
                shutil.rmtree(one)

    return back


GROUPS = (
    Group(("P9",), _promote, runs=3),
    Group(("P13",), _release, runs=3),
)
