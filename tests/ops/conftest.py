"""A registry in which everything that an audit tells of has happened."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.conftest import Site

from promptreg.commands.approve import ApproveRequest, plan_approve
from promptreg.registry.workspace import open_workspace

NAME = "support/triage"
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
RULES = """\
apiVersion: promptreg/v1
kind: Registry
name: example
owners:
  team: {contact: team@example.com}
  other: {contact: other@example.com}
  governance: {members: [gwen@example.com, gil@example.com]}
allowed_signers: allowed_signers
environments: {staging: {}, production: {approvals: {low: {count: 1}}}}
"""
POLICY = """\
apiVersion: promptreg/v1
kind: Policy
name: house
rules: [{id: needs-label, severity: error, expr: "true", message: Always.}]
"""


def approve(site: Site, email: str, selector: str, *, key: str = "", note: str = "") -> None:
    """Approve as somebody, in a commit."""
    who = {"GIT_AUTHOR_EMAIL": email, "GIT_AUTHOR_NAME": email.partition("@")[0]}
    here = open_workspace(site.path / site.folder, {**site.environ, **who})
    site.apply(plan_approve(here, ApproveRequest(selector, key=key, note=note), site.now))


def edit(site: Site, name: str, old: str, new: str, message: str) -> str:
    """Change a text in a file of the registry, and commit that."""
    place = site.path / site.folder / name
    text = place.read_text()
    assert old in text
    place.write_text(text.replace(old, new))
    return site.commit(message)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A key file for each of two people; the public half lies beside it."""
    made = {}
    place = tmp_path_factory.mktemp("keys")
    for name in ("gwen", "ann"):
        made[name] = place / f"key-{name}"
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(made[name])]
        subprocess.run(words, check=True, capture_output=True)
    return made


def signer(key: Path, email: str) -> str:
    """A line of an allowed-signers file."""
    kind, data, _ = key.with_suffix(".pub").read_text().split(" ")
    return f"{email} {kind} {data}\n"


@pytest.fixture
def busy(busy_template: Site, tmp_path: Path, sealed_environ: dict[str, str]) -> Site:
    """One of everything, by commands and by hand."""
    return busy_template.copy_to(tmp_path / "repo", sealed_environ)


@pytest.fixture(scope="session")
def busy_template(
    site_template: Site, keys: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Site:
    """What `busy` is a copy of; only to be copied."""
    site = site_template.copy_to(tmp_path_factory.mktemp("busy") / "repo", site_template.environ)
    site.file("promptreg.yaml", RULES)
    site.file("allowed_signers", signer(keys["gwen"], "gwen@example.com"))
    site.file("policies/house.policy.yaml", POLICY)
    site.commit("Set up gates")
    site.release()
    site.promote(f"{NAME}@0.1.0", env="staging", reason="try it")
    approve(site, "gwen@example.com", f"{NAME}@0.1.0", key=str(keys["gwen"]), note="fine")
    site.promote(f"{NAME}@0.1.0")
    site.changed("two {{ who }}")
    site.release()
    site.promote(f"{NAME}@0.2.0", env="staging")
    site.rollback(env="staging")
    environment = "environments/staging.yaml"
    own = "Promptreg-Environment: staging\n"
    edit(site, environment, "releases:", "frozen: {reason: Fair}\nreleases:", "Stop\n\n"
         f"{own}Promptreg-Freeze: frozen\nPromptreg-Reason: The fair")  # fmt: skip
    edit(
        site, environment, "frozen: {reason: Fair}\n", "", f"Go\n\n{own}Promptreg-Freeze: unfrozen"
    )
    text = (site.path / environment).read_text()
    pin = next(line for line in text.split("\n") if NAME in line)
    out = pin.replace("}", ", reason: It is rude}")
    site.file(
        environment, text.replace(f"releases:\n{pin}\n", f"releases: {{}}\nsuspended:\n{out}\n")
    )
    site.commit(f"Out\n\n{own}Promptreg-Suspend: {NAME} 0.1.0\nPromptreg-Reason: Rude")
    site.file(environment, text)
    site.commit("Back by hand")
    site.file(environment, text.replace(f"releases:\n{pin}", "releases: {}"))
    site.commit("Take it out")
    site.file(environment, "releases: [")
    site.commit("Break it")
    _decide(site)
    return site


def _decide(site: Site) -> None:
    """Change who decides, and by which rules."""
    manifest = f"prompts/{NAME}.prompt.yaml"
    edit(site, manifest, "owner: team", "owner: other", "Hand over\n\n"
         f"Promptreg-Owner: {NAME} team -> other\nPromptreg-Reason: New team")  # fmt: skip
    edit(site, manifest, "risk: low", "risk: medium", "It is riskier")
    edit(site, manifest, "lifecycle: active", "lifecycle: deprecated\nsunset: 2027-01-31", "Old\n\n"
         f"Promptreg-Lifecycle: {NAME} active -> deprecated")  # fmt: skip
    edit(site, "promptreg.yaml", "count: 1", "count: 0", "Nobody needs to look")
    edit(site, "policies/house.policy.yaml", "Always", "Never", "Softer")
    edit(site, "allowed_signers", "gwen@", "eve@", "Let eve sign")
    site.agent(triage=f"{NAME}@^0.1")
    site.commit("Add a bot")
    site.file("agents/bot.agent.yaml", (site.path / "agents/bot.agent.yaml").read_text()
              + "approvals: {release: {count: 1}}\n")  # fmt: skip
    site.commit("Ask for an approval")
    site.run("rm", "-rq", "approvals")
    site.commit("Forget who approved")
