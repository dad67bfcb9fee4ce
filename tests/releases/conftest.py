"""A ledger with everything that a ledger can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Site

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
