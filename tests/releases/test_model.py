"""Releases, promotions, roll-backs, branches, merges, pushes and crashes against a plain model.

50 runs of 20 steps; in `make torture` 1,000 of 40. A run is chosen by its number alone. One that
fails is made shorter before it is shown.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.releases.conftest import LEFT_BEHIND, SCALE, Pen

from promptreg.commands.status import status
from promptreg.commands.verify import VerifyRequest, verify
from promptreg.model.version import parse_version

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Site

RUNS, STEPS = (50, 20) if SCALE == 1 else (min(1000, 50 * SCALE), 40)
OURS, THEIRS = ("a", "b"), "c"
ENVIRONMENTS = ("staging", "production")
VERBS = (
    *("edit",) * 4, *("release",) * 4, *("promote",) * 4, *("rollback",) * 3, "restore",
    "branch", "switch", "switch", "merge", "merge", "push", "push", "pull", *("elsewhere",) * 2,
    *("promote_and_push",) * 2, "release_and_push", *("crash",) * 3,
)  # fmt: skip
SHORTER = 60
_PIN = re.compile(r"^  (\w+): \{version: ([^,]+),", re.MULTILINE)

Step = tuple[str, int, int]


@dataclass(frozen=True)
class State:
    """What a commit holds: texts by entry; for each environment and entry what ran there, in order."""

    texts: Mapping[str, str]
    ran: Mapping[tuple[str, str], tuple[str, ...]]

    def runs(self, environment: str) -> dict[str, str]:
        """Version by entry."""
        return {name: ran[-1] for (env, name), ran in self.ran.items() if env == environment}

    def moved(self, environment: str, name: str, version: str) -> State:
        """After a promotion."""
        before = self.ran.get((environment, name), ())
        return replace(self, ran={**self.ran, (environment, name): (*before, version)})

    def before(self, environment: str, name: str) -> str:
        """Where a roll-back goes; "" for nowhere."""
        stack: list[str] = []
        for version in self.ran.get((environment, name), ()):
            if version in stack:
                del stack[stack.index(version) + 1 :]
            else:
                stack.append(version)
        return stack[-2] if len(stack) > 1 else ""


@dataclass
class World:
    """Two clones and their remote, and what the model says of them."""

    here: Site
    there: Site
    pen: Pen
    apart: bool
    """Whether environments live on a branch of their own."""
    states: dict[str, State] = field(default_factory=dict)
    """What each commit holds, in whatever clone."""
    releases: dict[str, dict[str, str]] = field(default_factory=dict)
    """The text of each release, by entry and version, lowest first."""
    tags: dict[str, str] = field(default_factory=dict)
    """The tag objects that were ever made."""
    tips: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def branch(self) -> str:
        return self.here.text("symbolic-ref", "--short", "HEAD")

    @property
    def deploy(self) -> str:
        """The branch of the environments."""
        return "deploy" if self.apart else self.branch

    def tip(self, branch: str, site: Site | None = None) -> str:
        return (site or self.here).text("rev-parse", f"refs/heads/{branch}")

    def state(self, branch: str, site: Site | None = None) -> State:
        return self.states[self.tip(branch, site)]

    def holds(self, branch: str, state: State, site: Site | None = None) -> None:
        """The branch's tip is a commit that holds `state`."""
        self.states[self.tip(branch, site)] = state


def write(world: World, job: dict[str, Any], *, site: Site | None = None, kill: int = 0) -> str:
    """Let promptreg write; `done`, or why not. Killed at a point, it is asked once more."""
    site = site or world.here
    site.clock[0] += 1
    before = site.text(
        "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads", "refs/tags"
    )
    if kill:
        ended = world.pen.write(site, job, fault=("kill", kill))
        world.counts["killed" if ended["killed"] else "not killed"] += 1
        now = site.text(
            "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads", "refs/tags"
        )
        assert len(set(now.split("\n")) - set(before.split("\n"))) <= 1
        assert site.run("fsck", "--strict", "--no-dangling") == b""
        if not ended["killed"]:
            return _said(ended)
    return _said(world.pen.write(site, job))


def _said(ended: dict[str, Any]) -> str:
    assert ended["code"] == 0, ended
    verdict, what, _ = map(str, ended["said"][0])
    return verdict if verdict == "done" else what


def edit(world: World, one: int, two: int) -> None:
    name, text = OURS[one % 2], f"text {two % 4} {{{{ who }}}}"
    state = world.state(world.branch)
    world.here.changed(text, name)
    world.holds(world.branch, replace(state, texts={**state.texts, name: text}))


def release(world: World, one: int, two: int, *, kill: int = 0, push: bool = False) -> None:
    del two
    _release(world, world.here, OURS[one % 2], world.state(world.branch), kill=kill, push=push)


def _release(
    world: World, site: Site, name: str, state: State, *, kill: int = 0, push: bool = False
) -> None:
    known = world.releases[name]
    said = write(world, {"verb": "release", "name": name, "push": push}, site=site, kill=kill)
    text = state.texts[name]
    if known and [*known.values()][-1] == text:
        assert "nothing changed" in said
        return
    if push and "taken back" in said:  # the remote's branch has commits that this one lacks
        world.counts["taken back"] += 1
        return
    assert said == "done"
    tags = site.text("tag", "--list", f"{name}@v*").split()
    version = max(
        (tag.rpartition("@v")[2] for tag in tags), key=lambda one: parse_version(one).rank()
    )
    assert version not in known
    known[version] = text
    ref = f"refs/tags/{name}@v{version}"
    world.tags[ref] = site.text("rev-parse", ref)


def promote(world: World, one: int, two: int, *, kill: int = 0, push: bool = False) -> None:
    name, environment = OURS[one % 2], ENVIRONMENTS[two % 2]
    known = [*world.releases[name]]
    if not known:
        return
    version = known[two // 2 % len(known)]
    state = world.state(world.deploy)
    job = {"verb": "promote", "selectors": [f"{name}@{version}"], "env": environment, "push": push}
    before = world.tip(world.deploy)
    said = write(world, job, kill=kill)
    now = world.tip(world.deploy)
    if state.runs(environment).get(name) == version:
        assert "already" in said
    elif (
        push
        and now != before
        and now not in world.states
        and world.here.text("rev-parse", "HEAD~1") != before
    ):
        # The remote's own promotions were taken over first.
        assert said == "done"
        world.holds(
            world.deploy,
            world.states[world.here.text("rev-parse", f"{now}~1")].moved(
                environment, name, version
            ),
        )
        world.counts["taken over"] += 1
    elif push and said != "done":
        assert "taken back" in said
        assert now == before
        world.counts["taken back"] += 1
    else:
        assert said == "done"
        world.holds(world.deploy, state.moved(environment, name, version))


def rollback(world: World, one: int, two: int, *, kill: int = 0) -> None:
    name, environment = OURS[one % 2], ENVIRONMENTS[two % 2]
    state = world.state(world.deploy)
    version = state.before(environment, name)
    said = write(world, {"verb": "rollback", "name": name, "env": environment}, kill=kill)
    assert (said == "done") == bool(version), said
    if version:
        world.holds(world.deploy, state.moved(environment, name, version))


def restore(world: World, one: int, two: int) -> None:
    name, state = OURS[one % 2], world.state(world.branch)
    known = [*world.releases[name].items()]
    if not known:
        return
    version, text = known[two % len(known)]
    said = write(world, {"verb": "rollback", "name": name, "to": version})
    if state.texts[name] == text:
        assert "already" in said
        return
    assert said == "done"
    world.holds(world.branch, replace(state, texts={**state.texts, name: text}))


def branch(world: World, one: int, two: int) -> None:
    del one
    if f"b{two % 2}" not in world.here.text("branch", "--list"):
        world.here.run("switch", "-qc", f"b{two % 2}")


def switch(world: World, one: int, two: int) -> None:
    del two
    names = [
        one
        for one in world.here.text("branch", "--format=%(refname:short)").split()
        if one != "deploy"
    ]
    world.here.run("switch", "-q", names[one % len(names)])


def merge(world: World, one: int, two: int) -> None:
    del two
    names = [
        one
        for one in world.here.text("branch", "--format=%(refname:short)").split()
        if one != "deploy"
    ]
    _merge(world, world.tip(names[one % len(names)]))


def _merge(world: World, theirs: str) -> None:
    """Merge a commit; where git merges, each text and pin is what a merge of values says."""
    ours = world.tip(world.branch)
    bases = world.here.text("merge-base", "--all", ours, theirs).split()
    done = subprocess.run(
        ["git", "merge", "-q", "--no-edit", theirs], cwd=world.here.path,
        env=dict(world.here.environ), capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode:
        world.here.run("merge", "--abort")
        return
    if world.tip(world.branch) in world.states:
        return  # there was nothing to merge, or it was a fast-forward
    assert len(bases) == 1 or _same_everywhere(world, bases)
    base, mine, other = (world.states[one] for one in (bases[0], ours, theirs))
    state = replace(
        mine,
        texts={
            name: _merged(base.texts.get(name), text, other.texts.get(name))
            for name, text in mine.texts.items()
        },
    )
    for environment in ENVIRONMENTS:
        old, new = base.runs(environment), other.runs(environment)
        for name, version in new.items():
            now = mine.runs(environment).get(name)
            if _merged(old.get(name), now, version) != now:
                state = state.moved(environment, name, version)
    world.holds(world.branch, state)
    world.counts["merged"] += 1


def _same_everywhere(world: World, bases: list[str]) -> bool:
    return len({json.dumps([*world.states[one].texts.items()]) for one in bases}) >= 1


def _merged(base: str | None, ours: Any, theirs: str | None) -> Any:
    return theirs if ours == base else ours


def push(world: World, one: int, two: int) -> None:
    """As a person does; what is refused changes nothing."""
    del one, two
    names = [world.branch, *(["deploy"] if world.apart else [])]
    subprocess.run(
        ["git", "push", "-q", "--atomic", "origin", "--tags", *names], cwd=world.here.path,
        env=dict(world.here.environ), capture_output=True, check=False,
    )  # fmt: skip


def pull(world: World, one: int, two: int) -> None:
    del one, two
    world.here.run("fetch", "-q", "--tags", "origin")
    if f"origin/{world.branch}" in world.here.text("branch", "-r").split():
        _merge(world, world.here.text("rev-parse", f"origin/{world.branch}"))


def elsewhere(world: World, one: int, two: int) -> None:
    """Somebody releases or promotes their own entry in another clone, and pushes."""
    there = world.there
    there.run("fetch", "-q", "--tags", "origin")
    there.run("reset", "-q", "--hard", "origin/main")
    state, known = world.state("main", there), world.releases[THEIRS]
    if one % 3 == 0 or not known:
        text = f"text {two % 4} {{{{ who }}}}"
        there.changed(text, THEIRS)
        state = replace(state, texts={**state.texts, THEIRS: text})
        world.holds("main", state, there)
        there.run("push", "-q", "origin", "main")
        _release(world, there, THEIRS, state, push=True)
        return
    name = "deploy" if world.apart else "main"
    if world.apart:
        there.run("update-ref", "refs/heads/deploy", "refs/remotes/origin/deploy")
    state = world.state(name, there)
    version = [*known][two % len(known)]
    environment = ENVIRONMENTS[one % 2]
    job = {
        "verb": "promote",
        "selectors": [f"{THEIRS}@{version}"],
        "env": environment,
        "push": True,
    }
    said = write(world, job, site=there)
    if state.runs(environment).get(THEIRS) == version:
        assert "already" in said
        return
    assert said == "done"
    world.holds(name, state.moved(environment, THEIRS, version), there)


def promote_and_push(world: World, one: int, two: int) -> None:
    promote(world, one, two, push=True)


def release_and_push(world: World, one: int, two: int) -> None:
    release(world, one, two, push=True)


def crash(world: World, one: int, two: int) -> None:
    verb = (release, promote, rollback)[one % 3]
    verb(world, one // 3, two, kill=1 + (one * 7 + two) % 45)


def check(world: World) -> None:
    """What holds after every step."""
    here = world.here
    rows = here.text("for-each-ref", "--format=%(refname) %(objectname)", "refs/heads", "refs/tags")
    found = dict(row.split(" ") for row in rows.split("\n"))
    # I1: no release was ever moved, and none is here that nobody made.
    for ref, oid in found.items():
        if ref.startswith("refs/tags/"):
            assert world.tags.get(ref) == oid, ref
    for ref, oid in world.tags.items():
        assert f"refs/tags/{THEIRS}@" in ref or found.get(ref) == oid, ref
    for ref, oid in found.items():
        if ref.startswith("refs/heads/") and world.tips.get(ref) != oid:
            # I2: a branch only grows.
            if ref in world.tips:
                here.run("merge-base", "--is-ancestor", world.tips[ref], oid)
            world.tips[ref] = oid
            check_commit(here, oid, world.states[oid])
    assert here.text("status", "--porcelain") == ""


def check_commit(site: Site, oid: str, state: State) -> None:
    """Texts and pins are what the model says."""
    asked = [f"{oid}:prompts/{name}.j2" for name in state.texts]
    asked += [f"{oid}:environments/{env}.yaml" for env in ENVIRONMENTS]
    said = site.run("cat-file", "--batch", stdin="".join(f"{one}\n" for one in asked).encode())
    read: list[str] = []
    for _ in asked:
        header, _, said = said.partition(b"\n")
        size = 0 if header.endswith(b"missing") else int(header.split()[2])
        read.append(said[:size].decode())
        said = said[size + 1 :] if size else said
    assert dict(zip(state.texts, read, strict=False)) == state.texts
    for env, text in zip(ENVIRONMENTS, read[len(state.texts) :], strict=True):
        assert dict(_PIN.findall(text)) == state.runs(env)


def check_whole(world: World) -> None:
    """I3, I12 and I13: sound to the last object, `verify` accepts it, and reading changes nothing."""
    for site in (world.here, world.there):
        assert site.run("fsck", "--strict", "--no-dangling") == b""
        before = {str(path): path.stat().st_mtime_ns for path in site.path.rglob("*")}
        findings = verify(site.workspace, VerifyRequest()).report.findings
        # In the other clone a release may be of a branch that hasn't been pushed.
        own = site is world.here
        assert [one for one in findings if own or one.rule != "unreachable-release"] == []
        status(site.workspace)
        assert {str(path): path.stat().st_mtime_ns for path in site.path.rglob("*")} == before
        assert not [one for one in (site.path / ".git").iterdir() if LEFT_BEHIND.match(one.name)]


def run(start: World, place: Path, steps: list[Step]) -> Counter[str]:
    """Do the steps in fresh copies; AssertionError where the world isn't as the model says."""
    place.mkdir()
    remote = place / "remote.git"
    here = start.here.copy_to(place / "here", start.here.environ)
    here.run("clone", "--quiet", "--bare", here.path.as_uri(), str(remote))
    here.run("remote", "add", "origin", remote.as_uri())
    here.run("fetch", "-q", "origin")
    there = replace(here, path=place / "there", clock=[here.clock[0] + 10_000])
    here.run("clone", "--quiet", remote.as_uri(), str(there.path))
    if start.apart:
        there.run("branch", "-q", "deploy", "origin/deploy")
    world = World(here, there, start.pen, start.apart, dict(start.states))
    world.releases = {name: {} for name in (*OURS, THEIRS)}
    for verb, one, two in steps:
        world.counts[verb] += 1
        DO[verb](world, one, two)
        check(world)
    check_whole(world)
    return world.counts


DO: dict[str, Callable[[World, int, int], None]] = {
    one.__name__: one
    for one in (
        edit, release, promote, rollback, restore, branch, switch, merge, push, pull, elsewhere,
        promote_and_push, release_and_push, crash,
    )
}  # fmt: skip


def shortest(start: World, place: Path, steps: list[Step]) -> list[Step]:
    """Steps that fail still, with some left out."""
    size, tries = len(steps) // 2, 0
    while size and tries < SHORTER:
        for begin in range(0, len(steps), size):
            fewer = steps[:begin] + steps[begin + size :]
            tries += 1
            try:
                run(start, place / f"shorter-{tries}", fewer)
            except Exception:
                steps = fewer
                break
        else:
            size //= 2
    return steps


@pytest.fixture(scope="session")
def starts(site_template: Site, tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Site]:
    """Three entries without releases; in the second the environments have a branch of their own."""
    made = []
    for apart in (False, True):
        site = site_template.copy_to(
            tmp_path_factory.mktemp("model") / "repo", site_template.environ
        )
        site.run("rm", "-rq", "prompts")
        for name in (*OURS, THEIRS):
            site.prompt(name, "text 0 {{ who }}")
        site.configure("environments_branch: deploy\n" if apart else "")
        site.commit("three")
        if apart:
            site.run("branch", "deploy")
        made.append(site)
    return made[0], made[1]


@pytest.mark.parametrize("number", range(RUNS))
def test_the_world_is_as_the_model_says(
    number: int,
    starts: tuple[Site, Site],
    pen: Pen,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    chance = random.Random(number)  # noqa: S311 - a choice, no secret
    steps = [
        (chance.choice(VERBS), chance.randrange(1000), chance.randrange(1000)) for _ in range(STEPS)
    ]
    site = starts[number % 2]
    texts = dict.fromkeys((*OURS, THEIRS), "text 0 {{ who }}")
    begun = {site.text("rev-parse", "HEAD"): State(texts, {})}
    start = World(site, site, pen, bool(number % 2), begun)
    try:
        counts = run(start, tmp_path / "run", steps)
    except Exception as problem:
        raise AssertionError(shortest(start, tmp_path, steps)) from problem
    figures = {f"model: {what}": count for what, count in counts.items()}
    record_property("figures", json.dumps({**figures, "model: steps in all": len(steps)}))
