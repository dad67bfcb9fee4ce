"""I3 for git itself: killed, or without a disk, at each system call that writes. `make torture`.

A git in front of the real one counts the starts that write, and runs one of them under strace.
"""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.releases.conftest import REPLY, SCALE, TRIAGE, Pen

if TYPE_CHECKING:
    from tests.conftest import Site

pytestmark = [
    pytest.mark.skipif(SCALE < 2, reason="tracing is part of `make torture`"),
    pytest.mark.skipif(not shutil.which("strace"), reason="there is no strace on this machine"),
]

WRITES: dict[str, dict[str, Any]] = {
    "release": {"verb": "release", "name": TRIAGE},
    "promote": {"verb": "promote", "selectors": [f"{TRIAGE}@0.2.0"], "env": "production"},
    "rollback": {"verb": "rollback", "name": REPLY, "env": "production"},
}
FAULTS = ("signal=KILL", "error=ENOSPC", "error=EIO")
CALLS = "write,fsync,rename,link,unlink,mkdir,rmdir,ftruncate"
SHIM = """#!/bin/sh
case " $* " in
*" hash-object "*|*" mktag "*|*" index-pack "*|*" read-tree "*|*" update-index "*|*" write-tree "*|\\
*" commit-tree "*|*" update-ref "*)
    n=$(($(cat {count}) + 1))
    echo $n > {count}
    if [ $n = {start} ]; then
        exec strace -f -qq -o {log} -e trace={calls} -e inject={calls}:{fault}:when={at} {git} "$@"
    fi;;
esac
exec {git} "$@"
"""


def shimmed(site: Site, start: int, at: int, fault: str) -> Site:
    """The site with a git whose `start`th writing run fails at its `at`th call."""
    folder = site.path.with_name(f"{site.path.name}.bin")
    folder.mkdir()
    (folder / "count").write_text("0")
    words = {
        "count": shlex.quote(str(folder / "count")), "log": shlex.quote(str(folder / "log")),
        "git": shutil.which("git"), "calls": CALLS, "start": start, "at": at, "fault": fault,
    }  # fmt: skip
    (folder / "git").write_text(SHIM.format(**words))
    (folder / "git").chmod(0o755)
    path = f"{folder}:{site.environ['PATH']}"
    return replace(site, environ={**site.environ, "PATH": path})


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", WRITES)
def test_a_git_that_fails_leaves_before_or_after(
    name: str,
    fault: str,
    pair: Site,
    pen: Pen,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    pair.promote(f"{REPLY}@0.2.0")
    pair.changed("three {{ who }}", TRIAGE)
    whole = pair.copy_to(tmp_path / "whole", pair.environ)
    before = whole.state()
    assert pen.write(shimmed(whole, 0, 0, fault), WRITES[name])["said"][0][0] == "done"
    after = whole.state()
    starts = int((tmp_path / "whole.bin" / "count").read_text())
    tried = 0
    for start in range(1, starts + 1):
        for at in range(1, 100):
            site = pair.copy_to(tmp_path / f"{start}-{at}", pair.environ)
            ended = pen.write(shimmed(site, start, at, fault), WRITES[name])
            log = (tmp_path / f"{start}-{at}.bin" / "log").read_text()
            hit = "INJECTED" in log or "killed by SIGKILL" in log
            _check(site, pen, WRITES[name], ended, (before, after))
            shutil.rmtree(site.path)
            if not hit:
                break
            tried += 1
    record_property("figures", json.dumps({f"system calls of git in {name}: {fault}": tried}))


def _check(
    site: Site, pen: Pen, write: dict[str, Any], ended: dict[str, Any], states: tuple[Any, Any]
) -> None:
    before, after = states
    assert ended["code"] == 0, ended
    assert site.refs() in (before[0], after[0]), ended
    assert site.run("fsck", "--strict", "--no-dangling") == b""
    if ended["said"][0][0] == "done":
        return
    again = pen.write(site, write)
    if again["said"][0][0] != "done":
        # The lock of a killed git is named, with the command that removes it.
        assert ".lock" in again["said"][0][2], (ended, again)
        for lock in (site.path / ".git").rglob("*.lock"):
            lock.unlink()
        again = pen.write(site, write)
    assert again["said"][0][0] == "done", (ended, again)
    assert site.state() == after
