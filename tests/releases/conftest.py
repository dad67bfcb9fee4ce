"""A ledger with everything that a ledger can hold."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import Site

SCALE = int(os.environ.get("TORTURE", "1"))
"""1 in `make test`; `make torture` makes it larger, up to 25."""

LEFT_BEHIND = re.compile(r"promptreg-(unfinished|index-)|\.promptreg-")
"""Names of passing files in the git folder."""

TRIAGE, REPLY, AGENT = "support/triage", "support/reply", "bot"


def fill(site: Site) -> None:
    """Pre-releases, a hot fix from a branch, roll-backs, an agent with pins, a rename, a lock."""
    from promptreg.commands.lock import LockRequest, plan_lock, write_lock

    site.prompt(REPLY, "Dear {{ who }}")
    site.prompt("old-name")
    site.commit()
    site.release(TRIAGE)
    site.release(REPLY)
    site.release("old-name")
    _release_agent(site, first=f"{TRIAGE}@^0.1", second=f"{REPLY}@latest")
    site.changed("two {{ who }}", TRIAGE)
    site.release(TRIAGE, message="Says two.")
    site.promote(f"{TRIAGE}@0.1.0", f"{REPLY}@0.1.0", env="staging")
    site.promote(f"{TRIAGE}@0.1.0")
    site.promote(f"{TRIAGE}@0.2.0", reason="It is better")
    site.rollback(TRIAGE)
    site.changed("three {{ who }}", TRIAGE)
    site.release(TRIAGE, version="1.0.0-rc.1")
    site.changed("four {{ who }}", TRIAGE)
    site.release(TRIAGE, version="1.0.0-rc.2")
    site.release(TRIAGE, version="1.0.0")
    site.run("switch", "-qc", "fix")
    site.changed("fix {{ who }}", TRIAGE)
    site.run("switch", "-q", "main")
    site.changed("unready {{ who }}", REPLY)
    site.release(TRIAGE, revision="fix")
    site.run("merge", "-q", "-m", "Merge the fix", "fix")
    site.release(REPLY)
    _release_agent(site, first=f"{TRIAGE}@^1.0", second=f"{REPLY}@latest")
    _rename(site, "old-name", "new")
    site.commit("Rename it")
    site.release("new")
    site.promote(f"{TRIAGE}@latest", "new@0.1.0", f"{AGENT}@latest", env="staging")
    site.promote(f"{TRIAGE}@1.0.0", f"{AGENT}@0.1.0")
    names = (TRIAGE, REPLY, AGENT, "new", "old-name")
    selectors = tuple(f"{name}@latest" for name in names)
    write_lock(plan_lock(site.workspace, LockRequest(selectors)))
    site.commit("Lock")


def _release_agent(site: Site, **prompts: str) -> None:
    site.agent(AGENT, **prompts)
    site.commit()
    site.release(AGENT)


def _rename(site: Site, old: str, new: str) -> None:
    before, after = (f"{site.folder}prompts/{name}.prompt.yaml" for name in (old, new))
    site.run("mv", before, after)
    text = (site.path / after).read_text()
    site.write(after, text.replace(f"name: {old}", f"name: {new}\nrenamed_from: {old}"))


@pytest.fixture(scope="session")
def ledger_template(site_template: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """What `ledger` is a copy of; only to be copied."""
    path = tmp_path_factory.mktemp("ledger") / "repo"
    made = site_template.copy_to(path, site_template.environ)
    fill(made)
    return made


@pytest.fixture
def ledger(ledger_template: Site, tmp_path: Path, sealed_environ: dict[str, str]) -> Site:
    """Five entries with twelve releases, two environments with a history, and a lock."""
    return ledger_template.copy_to(tmp_path / "repo", sealed_environ)


@pytest.fixture(scope="session")
def pair_template(site_template: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Two entries with the releases 0.1.0 and 0.2.0; production runs the first of each."""
    made = site_template.copy_to(tmp_path_factory.mktemp("pair") / "repo", site_template.environ)
    made.prompt(REPLY, "Dear {{ who }}")
    made.commit()
    for name in (TRIAGE, REPLY):
        made.release(name)
        made.changed("two {{ who }}", name)
        made.release(name)
    made.promote(f"{TRIAGE}@0.1.0", f"{REPLY}@0.1.0")
    return made


@pytest.fixture
def pair(pair_template: Site, tmp_path: Path, sealed_environ: dict[str, str]) -> Site:
    """A copy of it."""
    return pair_template.copy_to(tmp_path / "repo", sealed_environ)


class Pen:
    """A process that writes in others' repositories, as `writer.py` says."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def write(
        self, site: Site, *writes: dict[str, Any], fault: tuple[str, int] = ("", 0)
    ) -> dict[str, Any]:
        """Let one process do some writes; what it said of each."""
        return self.together([self.job(site, *writes, fault=fault)])[0]

    def job(
        self, site: Site, *writes: dict[str, Any], fault: tuple[str, int] = ("", 0)
    ) -> dict[str, Any]:
        """What a process is to do; `fault` is what befalls it at which point."""
        return {
            "path": str(site.path), "environ": dict(site.environ), "writes": writes,
            "seconds": site.clock[0] + 1, "fault": fault[0], "at": fault[1],
        }  # fmt: skip

    def together(self, jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Let processes write at the same time."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(jobs) + "\n")
        self._process.stdin.flush()
        answers: list[dict[str, Any]] = json.loads(self._process.stdout.readline())
        return answers


@pytest.fixture(scope="module")
def pen() -> Iterator[Pen]:
    """A process that writes."""
    process = subprocess.Popen(
        # Without -B a module that is loaded for the first time would be a point or two more.
        [sys.executable, "-B", Path(__file__).with_name("writer.py")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        yield Pen(process)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what was tried, summed up over all tests that recorded `figures`."""
    sums: Counter[str] = Counter()
    for report in terminalreporter.stats.get("passed", []):
        for name, value in getattr(report, "user_properties", ()):
            if name == "figures":
                sums.update(json.loads(value))
    if sums and SCALE > 1:
        terminalreporter.section("figures")
        for what, count in sorted(sums.items()):
            terminalreporter.line(f"{count:>8,}  {what}")
