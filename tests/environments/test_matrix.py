"""Odd clones and machines: every command ends with 0, 1 or 2 and says in a sentence what is amiss.

`TORTURE=25` (any number above 1) runs all pairs of conditions.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.environments.conftest import Ended, Place

COMMANDS = {
    "validate": "promptreg validate",
    "list": "promptreg list",
    "show": "promptreg show demo",
    "render": "promptreg render demo --inputs inputs/demo.json",
    "diff": "promptreg diff --base HEAD~1",
    "status": "promptreg status",
    "release": "promptreg release demo --dry-run",
}
OFFLINE = ("validate", "list", "show", "render")
"""What needs no more than the files."""

_FOREIGN = 54321
_NO_RIGHTS = (
    "setpriv --bounding-set -dac_override,-dac_read_search "
    "--inh-caps -dac_override,-dac_read_search "
    if os.geteuid() == 0
    else ""
)


@dataclass(frozen=True)
class Condition:
    """One way in which a clone or a machine is odd.

    `prepare` is a script that may change or replace the repository; it runs in its parent folder
    with the repository as `repo`, and the folder to work in is `repo` after it. `prefix`,
    `redirect` and `environ` are how a command runs. `works`: what must succeed all the same.
    """

    name: str
    prepare: str = ""
    prefix: str = ""
    redirect: str = ""
    environ: tuple[tuple[str, str], ...] = ()
    works: tuple[str, ...] = ()
    needs: str = ""
    """A program without which it can't be tried, or `root`."""


_EVERYTHING = tuple(COMMANDS)
CONDITIONS = (
    Condition("usual", works=_EVERYTHING),
    Condition(
        "shallow",
        "mv repo full && git clone -q --depth 1 file://$PWD/full repo",
        works=(*OFFLINE,),
    ),
    Condition(
        "partial",
        "git -C repo config uploadpack.allowFilter true && mv repo full"
        " && git clone -q --filter=blob:none file://$PWD/full repo",
        works=OFFLINE,
    ),
    Condition("bare", "mv repo full && git clone -q --bare full repo && cp -r full/inputs repo"),
    Condition(
        "worktree",
        "mv repo full && git -C full worktree add -q ../repo -b side",
        works=_EVERYTHING,
    ),
    Condition("detached", "git -C repo checkout -q --detach", works=(*OFFLINE, "diff", "status")),
    Condition("empty", "rm -rf repo/.git && git init -q repo", works=("list", "show", "render")),
    Condition("foreign", f"chown -R {_FOREIGN} repo", needs="root"),
    Condition("sha256", works=_EVERYTHING),
    Condition("no-git", environ=(("PATH", "{home}/bin"),)),
    Condition(
        "latin-1",
        environ=(("LC_ALL", "C"), ("PYTHONUTF8", "0"), ("PYTHONCOERCECLOCALE", "0"), ("PYTHONIOENCODING", "latin-1")),
        works=_EVERYTHING,
    ),
    Condition("read-only", "chmod -R a-w repo", _NO_RIGHTS, works=(*OFFLINE, "diff", "status"), needs="setpriv"),
    Condition("full-disk", redirect=" > /dev/full"),
    Condition("closed-stdout", redirect=" >&-"),
)  # fmt: skip
PAIRS = [
    (one, other)
    for one, other in combinations(CONDITIONS[1:], 2)
    if not (one.redirect and other.redirect)
]
TORTURE = int(os.environ.get("TORTURE", "1"))


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda one: one.name)
def test_a_condition(
    condition: Condition, place: Place, sha256_repository: Path, state: State
) -> None:
    _hold((condition,), place, sha256_repository, state)


@pytest.mark.skipif(TORTURE < 2, reason="all pairs are part of `make torture`")
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: "+".join(one.name for one in pair))
def test_a_pair(
    pair: tuple[Condition, ...], place: Place, sha256_repository: Path, state: State
) -> None:
    _hold(pair, place, sha256_repository, state)


State = Callable[[Path], Mapping[str, str]]


def _hold(conditions: tuple[Condition, ...], place: Place, sha256: Path, state: State) -> None:
    _skip_what_is_missing(conditions)
    if any(one.name == "sha256" for one in conditions):
        shutil.rmtree(place.repo)
        shutil.copytree(sha256, place.repo, symlinks=True)
    # What takes rights away comes last, or nothing could be prepared after it.
    for one in sorted(conditions, key=lambda one: one.name in ("read-only", "foreign")):
        if one.prepare:
            place.must(one.prepare, place.repo.parent)
    before = state(place.repo)
    wrong = {}
    for verb, line in COMMANDS.items():
        ended = _run(conditions, place, line)
        must_work = all(verb in one.works for one in conditions)
        reasons = list(_reasons(conditions, ended, must_work=must_work))
        if reasons:
            wrong[verb] = (reasons, ended.code, ended.said)
    assert wrong == {}
    assert state(place.repo) == before


def _skip_what_is_missing(conditions: tuple[Condition, ...]) -> None:
    for one in conditions:
        if one.needs == "root" and os.geteuid() != 0:
            pytest.skip(f"{one.name}: only root can give files to another user")
        if one.needs == "setpriv" and _NO_RIGHTS and not shutil.which("setpriv"):
            pytest.skip(f"{one.name}: root may write anywhere, and there is no setpriv")


def _run(conditions: tuple[Condition, ...], place: Place, line: str) -> Ended:
    prefix = "".join(one.prefix for one in conditions)
    redirect = "".join(one.redirect for one in conditions)
    more = {
        name: value.format(home=place.home)
        for one in conditions
        for name, value in one.environ
    }  # fmt: skip
    changed = " ".join(f"{name}={value}" for name, value in more.items())
    program = f"{shutil.which('env')} {changed}"
    return place.shell(f"{program} {_absolute(prefix)}{_absolute(line, place)}{redirect}")


def _absolute(words: str, place: Place | None = None) -> str:
    """The program by its path: a PATH without git lacks other things too."""
    if not words:
        return ""
    program, _, rest = words.partition(" ")
    path = str(place.home / "bin" / program) if place else shutil.which(program)
    return f"{path} {rest}"


def _reasons(conditions: tuple[Condition, ...], ended: Ended, *, must_work: bool) -> Iterator[str]:
    names = {one.name for one in conditions}
    if ended.code not in (0, 1, 2):
        yield "its exit code"
    if "Traceback" in ended.said or "bug: " in ended.said or "Fatal Python" in ended.said:
        yield "a traceback"
    if ended.code == 2:
        lines = [one for one in ended.stderr.decode("utf-8", "replace").splitlines() if one]
        told = [one for one in lines if one.startswith("error: ")]
        if len(told) != 1:
            yield "not one sentence"
    if must_work and ended.code != 0:
        yield "it has to work here"
    if "full-disk" in names and ended.code == 0:
        yield "it takes a full disk for success"
