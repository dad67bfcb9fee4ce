"""Under strace: what is opened, connected to and run. Part of `make torture`."""

from __future__ import annotations

import os
import re
import shutil
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import promptreg

if TYPE_CHECKING:
    from tests.environments.conftest import Place

pytestmark = [
    pytest.mark.skipif(
        int(os.environ.get("TORTURE", "1")) < 2, reason="tracing is part of `make torture`"
    ),
    pytest.mark.skipif(not shutil.which("strace"), reason="there is no strace on this machine"),
]

READS = (
    "validate", "list", "show demo", "status", "log demo", "blame demo", "test",
    "render demo --inputs inputs/demo.json", "render demo@1.0.0 --inputs inputs/demo.json",
    "diff --base HEAD~1", "check --base HEAD~1", "release demo --dry-run",
)  # fmt: skip
WRITES = ("release demo", "promote demo@1.0.0 --env production", "rollback demo --to 1.0.0")
_PROGRAMS = re.compile(r"/(python[0-9.]*|git|git-[a-z-]+|promptreg)$")
_SYSTEM = ("/usr/", "/lib", "/etc/", "/proc/", "/dev/", "/sys/", "/bin/")
_OPENED = re.compile(r'open(?:at)?\((?:[^"]*)"([^"]*)".*= \d')
_RUN = re.compile(r'execve\("([^"]*)".* = 0$')


@pytest.mark.parametrize("words", READS + WRITES)
def test_nothing_foreign_is_opened_asked_or_run(words: str, place: Place) -> None:
    trace = place.home / "trace"
    outside = place.repo.parent / "outside.txt"
    outside.write_text("x")
    (place.repo / "prompts" / "link.j2").symlink_to(outside)
    ended = place.shell(
        f"strace -f -qq -e trace=open,openat,connect,execve -o {trace} "
        f"{sys.executable} -m promptreg {words}"
    )
    assert ended.code in (0, 1), ended.said
    lines = trace.read_text(errors="replace").splitlines()
    opened = {path for line in lines for path in _OPENED.findall(line)}
    assert opened
    ours = (str(place.repo), str(place.home), *_installation(), *_SYSTEM)
    foreign = {path for path in opened if path.startswith("/") and not path.startswith(ours)}
    assert foreign == set()
    assert str(outside) not in opened
    assert [line for line in lines if "connect(" in line and "AF_INET" in line] == []
    programs = {path for line in lines for path in _RUN.findall(line)}
    assert {path for path in programs if not _PROGRAMS.search(path)} == set()


def _installation() -> tuple[str, ...]:
    source = Path(promptreg.__file__).resolve().parents[2]
    paths = {sys.prefix, sys.base_prefix, str(source), *sysconfig.get_paths().values(), *sys.path}
    return tuple(found for path in paths if path for found in (path, str(Path(path).resolve())))
