"""Real git in a sealed room: no configuration, identity or variable of the machine gets in."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from promptreg.commands.promote import (
    PromoteRequest,
    RollbackRequest,
    plan_promotion,
    plan_rollback,
)
from promptreg.commands.release import ReleaseRequest, plan_release
from promptreg.model.version import Version, parse_version
from promptreg.registry.workspace import Workspace, open_workspace
from promptreg.releases.apply import Writers, apply
from promptreg.releases.plan import Outcome, Plan
from promptreg.releases.releasing import Wanted
from promptreg.store.git.commits import Signature
from promptreg.store.git.environment import GitEnvironment
from promptreg.store.git.process import find_git
from promptreg.store.git.repository import Repository, open_repository

NOW = 1_700_000_000
TODAY = date(2026, 1, 5)
_KEPT = ("PATH", "TMPDIR", "PYTHONPATH", "PYTHONHASHSEED", "VIRTUAL_ENV")


_HUNG_SECONDS = 120 * int(os.environ.get("TORTURE", "1"))
"""Of CPU. Whoever needs more hangs; this ends the test and measures nothing."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    """End a test that hangs: hostile input must be answered, however slow the machine."""

    def stop(*_: object) -> None:
        pytest.fail(f"it hung: {_HUNG_SECONDS} s of CPU", pytrace=False)

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, _HUNG_SECONDS)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@pytest.fixture(scope="session", autouse=True)
def sealed_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing of the machine's environment reaches a test, or a program that it starts."""
    before = dict(os.environ)
    kept = {name: before[name] for name in before if name in _KEPT or name.startswith("PYTEST")}
    os.environ.clear()
    os.environ.update(
        kept,
        HOME=str(tmp_path_factory.mktemp("home")),
        LC_ALL="C.UTF-8",
        TZ="UTC",
        GIT_CONFIG_NOSYSTEM="1",
    )
    yield
    os.environ.clear()
    os.environ.update(before)


@dataclass(frozen=True)
class Playground:
    """A repository that a test may do anything to, with git as a person would use it."""

    path: Path
    environ: Mapping[str, str]

    def run(self, *words: str | bytes, stdin: bytes = b"") -> bytes:
        """Run git; fails the test where git does."""
        done = subprocess.run(
            ["git", *words], cwd=self.path, env=dict(self.environ), input=stdin,
            capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def text(self, *words: str) -> str:
        """What git says, without the final line feed."""
        return self.run(*words).decode().removesuffix("\n")

    def write(self, name: str | bytes, data: bytes | str) -> None:
        """Put a file into the working tree."""
        place = os.path.join(os.fsencode(self.path), os.fsencode(name))  # noqa: PTH118 - bytes
        os.makedirs(os.path.dirname(place), exist_ok=True)  # noqa: PTH103, PTH120 - bytes
        with open(place, "wb") as file:  # noqa: PTH123 - bytes
            file.write(data.encode() if isinstance(data, str) else data)

    def commit(self, message: str = "change", **files: str) -> str:
        """Commit everything in the working tree; the commit's id."""
        self.run("add", "--all")
        self.run("commit", "--quiet", "--allow-empty", "-m", message)
        return self.text("rev-parse", "HEAD")

    def open(self, **more: str) -> Repository:
        """The repository as promptreg sees it."""
        return open_repository(self.path, find_git(GitEnvironment.of({**self.environ, **more})))


@dataclass(frozen=True)
class Site(Playground):
    """A repository with a registry, and the verbs of promptreg as a person would use them."""

    folder: str = ""
    """Where the registry lies in the repository: empty, or with a final slash."""
    clock: list[int] = field(default_factory=lambda: [NOW])

    def copy_to(self, path: Path, environ: Mapping[str, str]) -> Site:
        """The same repository elsewhere."""
        shutil.copytree(self.path, path, symlinks=True)
        return replace(self, path=path, environ=environ, clock=[*self.clock])

    @property
    def workspace(self) -> Workspace:
        """The registry as promptreg opens it now."""
        return open_workspace(self.path / self.folder, self.environ)

    def file(self, name: str, data: bytes | str) -> None:
        """Put a file into the registry."""
        self.write(self.folder + name, data)

    def configure(self, more: str = "") -> None:
        """Write promptreg.yaml: two environments, one owner, and what a test adds."""
        self.file("promptreg.yaml", CONFIGURATION + more)

    def prompt(self, name: str = "support/triage", text: str = "Hello {{ who }}") -> None:
        """Write a prompt whose template lies beside it."""
        stem = name.rpartition("/")[2]
        self.file(f"prompts/{name}.prompt.yaml", PROMPT.format(name=name, template=f"{stem}.j2"))
        self.file(f"prompts/{name}.j2", text)

    def agent(self, name: str = "bot", **prompts: str) -> None:
        """Write an agent that uses prompts: selectors by role."""
        used = "".join(f'  {role}: "{selector}"\n' for role, selector in prompts.items())
        self.file(f"agents/{name}.agent.yaml", AGENT.format(name=name, prompts=used))

    def changed(self, text: str, name: str = "support/triage", message: str = "change") -> str:
        """Give a prompt another text and commit it."""
        self.prompt(name, text)
        return self.commit(message)

    @property
    def now(self) -> datetime:
        """The moment of the newest write."""
        return datetime.fromtimestamp(self.clock[0], UTC)

    def signature(self) -> Signature:
        """Who writes; every call is a second later."""
        self.clock[0] += 1
        return Signature("Ann Example", "ann@example.com", self.clock[0], "+0100")

    def apply(self, plan: Plan, *, push: bool = False) -> Outcome:
        """Do what a plan says."""
        who = self.signature()
        return apply(self.workspace, plan, Writers(who, who), push_it=push)

    def plan_release(self, name: str = "support/triage", revision: str = "", **wanted: str) -> Plan:
        """What `release NAME` would write; an empty name means `--changed`."""
        version = wanted.get("version")
        asked = Wanted(parse_version(version) if version else None, None, wanted.get("message", ""))
        request = ReleaseRequest((name,) if name else (), not name, revision, asked)
        return plan_release(self.workspace, request, TODAY)

    def release(self, name: str = "support/triage", **wanted: str) -> str:
        """Release an entry; the version that it got."""
        plan = self.plan_release(name, **wanted)
        self.apply(plan)
        return plan.title.rpartition(" ")[2]

    def promote(self, *selectors: str, env: str = "production", reason: str = "") -> Outcome:
        """Promote releases."""
        request = PromoteRequest(selectors, env, reason)
        return self.apply(plan_promotion(self.workspace, request, self.now))

    def rollback(
        self, name: str = "support/triage", env: str = "production", to: Version | None = None
    ) -> Outcome:
        """Roll back in an environment, or (with an empty one) in the files."""
        return self.apply(plan_rollback(self.workspace, RollbackRequest(name, env, to), self.now))

    def runs(self, env: str = "production") -> dict[str, str]:
        """What the committed environment file says: version by name."""
        from promptreg.registry.configuration import read_configuration
        from promptreg.releases.environments import read_environment

        here = self.workspace
        found = read_environment(here, read_configuration(here.working_tree()), env).releases
        return {name: str(pin.version) for name, pin in found.items()}

    def refs(self) -> str:
        """Every ref and where it stands."""
        return self.text("for-each-ref", "--format=%(refname) %(objectname)")

    def state(self) -> tuple[str, str, str, dict[str, bytes]]:
        """Everything a plan may change: refs, HEAD, index and files."""
        files = {
            str(path.relative_to(self.path)): path.read_bytes()
            for path in sorted(self.path.rglob("*"))
            if path.is_file() and ".git" not in path.relative_to(self.path).parts
        }
        head = (self.path / ".git" / "HEAD").read_text()
        return self.refs(), head, self.text("ls-files", "--stage"), files


CONFIGURATION = """\
apiVersion: promptreg/v1
kind: Registry
name: example
owners: {team: {contact: team@example.com}, other: {contact: other@example.com}}
environments: {staging: {}, production: {}}
"""

PROMPT = """\
apiVersion: promptreg/v1
kind: Prompt
name: {name}
description: An example.
owner: team
lifecycle: active
risk: low
model: {{name: gpt-5-mini}}
inputs:
  who: {{type: string, description: Whom to greet., default: you}}
messages:
  - role: user
    template: {template}
"""

AGENT = """\
apiVersion: promptreg/v1
kind: Agent
name: {name}
description: An example.
purpose: Shows how.
owner: team
lifecycle: active
risk: low
model: {{name: gpt-5-mini}}
prompts:
{prompts}"""


def _sealed(home: Path) -> dict[str, str]:
    home.mkdir()
    (home / ".gitconfig").write_text(
        "[user]\n\tname = Ann Example\n\temail = ann@example.com\n"
        '[init]\n\tdefaultBranch = main\n[protocol "file"]\n\tallow = always\n'
    )
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_DATE": f"@{NOW} +0100",
        "GIT_COMMITTER_DATE": f"@{NOW} +0100",
    }


@pytest.fixture
def sealed_environ(tmp_path: Path) -> dict[str, str]:
    """The environment of a person whose home is empty but for an identity."""
    return _sealed(tmp_path / "home")


@pytest.fixture
def playground(tmp_path: Path, sealed_environ: dict[str, str]) -> Playground:
    """An empty repository."""
    path = tmp_path / "repo"
    path.mkdir()
    made = Playground(path, sealed_environ)
    made.run("init", "--quiet")
    return made


@pytest.fixture(scope="session")
def site_template(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """What `site` is a copy of; only to be copied."""
    place = tmp_path_factory.mktemp("site")
    made = Site(place / "repo", _sealed(place / "home"))
    made.path.mkdir()
    made.run("init", "--quiet")
    made.configure()
    made.prompt()
    made.commit("start")
    return made


@pytest.fixture(scope="session")
def three_template(site_template: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """What `three` is a copy of; only to be copied."""
    made = site_template.copy_to(tmp_path_factory.mktemp("three") / "repo", site_template.environ)
    made.release()
    made.changed("two {{ who }}")
    made.release()
    made.changed("three {{ who }}")
    made.release(version="1.0.0-rc.1")
    made.changed("four {{ who }}")
    return made


@pytest.fixture
def site(site_template: Site, tmp_path: Path, sealed_environ: dict[str, str]) -> Site:
    """A registry with one prompt, `support/triage`, committed and not yet released."""
    return site_template.copy_to(tmp_path / "repo", sealed_environ)


@pytest.fixture
def three(three_template: Site, tmp_path: Path, sealed_environ: dict[str, str]) -> Site:
    """Releases 0.1.0 (Hello), 0.2.0 (two) and 1.0.0-rc.1 (three); HEAD holds four."""
    return three_template.copy_to(tmp_path / "repo", sealed_environ)
