"""Approvals and gates on real git: what counts, what doesn't, and what can't be got round."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import TODAY, Site

from promptreg.checks.approval_status import Approvals
from promptreg.commands.approvals import approvals
from promptreg.commands.approve import ApproveRequest, plan_approve
from promptreg.commands.check import CheckRequest, check
from promptreg.commands.promote import (
    PromoteRequest,
    RollbackRequest,
    plan_promotion,
    plan_rollback,
)
from promptreg.errors import RefusedError
from promptreg.model.version import parse_version
from promptreg.registry.workspace import open_workspace
from promptreg.releases.plan import Plan

NAME = "support/triage"
TEAMS = """\
apiVersion: promptreg/v1
kind: Registry
name: example
owners:
  team: {contact: team@example.com}
  governance: {members: [Gwen@example.com, gil@example.com, ann@example.com]}
  platform: {members: [pat@example.com, gil@example.com]}
"""
PLAIN = "environments: {staging: {}, production: {approvals: {low: {count: 1}}}}\n"


def configure(site: Site, environments: str, more: str = "") -> None:
    site.file("promptreg.yaml", TEAMS + more + environments)
    site.commit("configure")


@pytest.fixture
def gated(site: Site) -> Site:
    """One released prompt by ann; production asks for an approval."""
    configure(site, PLAIN)
    site.release()
    return site


def approve(site: Site, email: str, selector: str = f"{NAME}@0.1.0", **more: Any) -> Plan:
    """Approve as somebody; commits it."""
    plan = planned(site, email, selector, **more)
    site.apply(plan)
    return plan


def planned(site: Site, email: str, selector: str = f"{NAME}@0.1.0", **more: Any) -> Plan:
    who = {"GIT_AUTHOR_EMAIL": email, "GIT_AUTHOR_NAME": email.partition("@")[0]}
    here = open_workspace(site.path / site.folder, {**site.environ, **who})
    return plan_approve(here, ApproveRequest(selector, **more), site.now)


def seen(site: Site, selector: str = f"{NAME}@0.1.0") -> Approvals:
    return approvals(site.workspace, selector, site.now)


def reasons(site: Site, selector: str = f"{NAME}@0.1.0") -> list[str]:
    return [one.reason for one in seen(site, selector).approvals]


def test_an_approval_opens_the_gate(gated: Site) -> None:
    before = gated.state()
    with pytest.raises(RefusedError, match="a requirement isn't met") as caught:
        gated.promote(f"{NAME}@0.1.0")
    assert "needs 1 approval and has none [gate-approvals]" in caught.value.hint
    assert gated.state() == before
    plan = approve(gated, "gwen@example.com", note="Fine: 'ok' #1")
    assert gated.text("log", "-1", "--format=%s") == f"Approve {NAME} 0.1.0 as governance"
    assert "Promptreg-As: governance" in gated.text("log", "-1", "--format=%B")
    assert plan.notes == ()
    (one,) = seen(gated).approvals
    assert (one.email, one.team, one.counts, one.note) == (
        "gwen@example.com", "governance", True, "Fine: 'ok' #1",
    )  # fmt: skip
    gated.promote(f"{NAME}@0.1.0")
    assert gated.runs() == {NAME: "0.1.0"}


def test_a_dry_run_names_everything_that_is_missing(gated: Site) -> None:
    configure(
        gated,
        "environments: {staging: {}, production: {after: staging, approvals: {low: {count: 2}}}}\n",
    )
    with pytest.raises(RefusedError, match="2 requirements aren't met") as caught:
        plan_promotion(gated.workspace, PromoteRequest((f"{NAME}@0.1.0",), "production"), gated.now)
    assert "gate-stage" in caught.value.hint
    assert "gate-approvals" in caught.value.hint


def test_an_edit_voids_an_approval(gated: Site) -> None:
    approve(gated, "gwen@example.com", NAME)
    gated.changed("edited {{ who }}")
    gated.release()
    assert reasons(gated, f"{NAME}@0.2.0") == ["it approves other content"]
    with pytest.raises(RefusedError, match="can't run this yet"):
        gated.promote(f"{NAME}@0.2.0")
    gated.promote(f"{NAME}@0.1.0")


def test_an_author_can_approve_and_it_does_not_count(gated: Site) -> None:
    plan = approve(gated, "ann@example.com")
    assert "is an author of this change" in plan.notes[0]
    assert reasons(gated) == ["it is by an author of the change"]
    with pytest.raises(RefusedError, match="can't run this yet"):
        gated.promote(f"{NAME}@0.1.0")


def test_a_co_author_is_an_author_and_an_earlier_one_is_not(gated: Site) -> None:
    gated.changed("a {{ who }}", message="change\n\nCo-authored-by: Gwen <GWEN@example.com>")
    gated.release()
    gated.changed("b {{ who }}")
    gated.release()
    assert seen(gated, f"{NAME}@0.2.0").authors == ("ann@example.com", "gwen@example.com")
    assert seen(gated, f"{NAME}@0.3.0").authors == ("ann@example.com",)


def test_a_pre_release_hides_no_author(gated: Site) -> None:
    gated.changed("a {{ who }}", message="change\n\nCo-authored-by: Gwen <gwen@example.com>")
    gated.release(version="1.0.0-rc.1")
    gated.release(version="1.0.0")
    assert "gwen@example.com" in seen(gated, f"{NAME}@1.0.0").authors


def test_two_people_are_two_files_and_one_person_is_one(gated: Site) -> None:
    configure(gated, PLAIN.replace("count: 1", "count: 2"))
    approve(gated, "gwen@example.com")
    with pytest.raises(RefusedError, match=r"has approved this content of .* already"):
        planned(gated, "GWEN@example.com")
    with pytest.raises(RefusedError, match="can't run this yet"):
        gated.promote(f"{NAME}@0.1.0")
    approve(gated, "gil@example.com", team="platform")
    assert seen(gated).environments[1].given == ("gil@example.com", "gwen@example.com")
    gated.promote(f"{NAME}@0.1.0")


def test_who_can_not_approve(gated: Site) -> None:
    for email, team, words in (
        ("nobody@example.com", "", "is a member of no team"),
        ("gil@example.com", "", "a member of more than one team"),
        ("gwen@example.com", "platform", "is no member of `platform`"),
        ("gwen@example.com", "governanse", "there is no owner `governanse`"),
    ):
        with pytest.raises(RefusedError, match=words):
            planned(gated, email, team=team)
    with pytest.raises(RefusedError, match="more than one team") as caught:
        planned(gated, "gil@example.com")
    assert "`governance`, `platform`" in caught.value.hint


def test_only_committed_content_teams_and_gates_count(gated: Site) -> None:
    gated.file(
        "promptreg.yaml", TEAMS.replace("pat@", "mallory@") + "environments: {production: {}}\n"
    )
    with pytest.raises(RefusedError, match="is a member of no team"):
        planned(gated, "mallory@example.com")
    with pytest.raises(RefusedError, match="can't run this yet"):
        gated.promote(f"{NAME}@0.1.0")
    gated.prompt(text="edited")
    with pytest.raises(RefusedError, match="changes that aren't committed"):
        planned(gated, "gwen@example.com", NAME)


def test_somebody_who_left_the_team_does_not_count(gated: Site) -> None:
    approve(gated, "pat@example.com")
    gated.file("promptreg.yaml", TEAMS.replace("pat@example.com, ", "") + PLAIN)
    gated.commit()
    assert reasons(gated) == ["pat@example.com is no member of `platform`"]


def _copied(site: Site, target: str, change: Callable[[str], str] = str) -> None:
    (source,) = (site.path / "approvals").rglob("*.yaml")
    site.file(target, change(source.read_text()))
    source.unlink()
    site.commit("tamper")


def test_a_renamed_or_copied_file_does_not_count(gated: Site) -> None:
    approve(gated, "gwen@example.com")
    _copied(gated, f"approvals/{NAME}/other.yaml")
    assert reasons(gated)[0].startswith("its file has to be `approvals/support/triage/")
    gated.prompt("other", "Hello {{ who }}")
    gated.commit()
    _copied(gated, "approvals/other/other.yaml")
    assert reasons(gated, "other") == [f"it approves `{NAME}`"]


def test_no_commit_and_other_teams(gated: Site) -> None:
    configure(gated, PLAIN.replace("count: 1", "count: 1, from: [platform]"))
    gated.apply(planned(gated, "gwen@example.com", commit=False))
    assert seen(gated).approvals == ()
    gated.commit()
    found = seen(gated)
    assert found.approvals[0].counts
    assert found.environments[1].left_out == (
        "gwen@example.com: it is in the name of `governance`",
    )
    with pytest.raises(RefusedError, match="can't run this yet"):
        gated.promote(f"{NAME}@0.1.0")


@pytest.fixture
def key(tmp_path: Path) -> Callable[[str], Path]:
    """Makes a key pair; the private key's path."""

    def make(name: str) -> Path:
        place = tmp_path / name
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(place)], check=True
        )
        return place

    return make


def _allow(site: Site, *people: tuple[str, Path]) -> None:
    lines = [f"{email} {key.with_suffix('.pub').read_text()}" for email, key in people]
    site.file("signers", "".join(lines))
    signed = PLAIN.replace("count: 1", "count: 1, signed: true")
    configure(site, signed, "allowed_signers: signers\n")


def test_a_signed_approval(gated: Site, key: Callable[[str], Path]) -> None:
    gwens = key("gwen")
    _allow(gated, ("gwen@example.com", gwens))
    approve(gated, "pat@example.com")
    with pytest.raises(RefusedError, match="can't run this yet") as caught:
        gated.promote(f"{NAME}@0.1.0")
    assert "needs 1 signed approval" in caught.value.hint
    approve(gated, "gwen@example.com", key=str(gwens), note="für alle")
    found = seen(gated)
    assert {one.email: one.signed for one in found.approvals} == {
        "gwen@example.com": "verified", "pat@example.com": "no",
    }  # fmt: skip
    assert found.environments[1].left_out == ("pat@example.com: it isn't signed",)
    gated.promote(f"{NAME}@0.1.0")


def test_a_forged_signature_does_not_count(gated: Site, key: Callable[[str], Path]) -> None:
    gwens, mallorys = key("gwen"), key("mallory")
    _allow(gated, ("gwen@example.com", gwens), ("mallory@example.com", mallorys))
    approve(gated, "gwen@example.com", key=str(mallorys))
    assert reasons(gated) == ["its signature doesn't hold"]
    (path,) = (gated.path / "approvals").rglob("*.yaml")
    path.unlink()
    gated.commit()
    approve(gated, "gwen@example.com", key=str(gwens), note="staging only")
    assert reasons(gated) == [""]
    path.write_text(path.read_text().replace("staging only", "production"))
    gated.commit()
    assert reasons(gated) == ["its signature doesn't hold"]


def test_nobody_knows_a_signature_where_no_signers_are_named(
    gated: Site, key: Callable[[str], Path]
) -> None:
    approve(gated, "gwen@example.com", key=str(key("gwen")))
    (one,) = seen(gated).approvals
    assert (one.signed, one.counts) == ("unverified", True)
    configure(gated, PLAIN, "allowed_signers: missing\n")
    assert reasons(gated) == ["its signature doesn't hold"]


def test_a_key_that_is_none(gated: Site, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="ssh-keygen` made no signature"):
        planned(gated, "gwen@example.com", key=str(tmp_path / "none"))


def test_stage_and_soak(site: Site) -> None:
    configure(site, "environments: {staging: {}, production: {after: staging, soak: 1h}}\n")
    site.release()
    with pytest.raises(RefusedError, match="can't run") as caught:
        site.promote(f"{NAME}@0.1.0")
    assert "gate-stage" in caught.value.hint
    site.promote(f"{NAME}@0.1.0", env="staging")
    with pytest.raises(RefusedError, match="can't run") as caught:
        site.promote(f"{NAME}@0.1.0")
    assert "gate-soak" in caught.value.hint
    site.clock[0] += 3600
    site.promote(f"{NAME}@0.1.0")


def test_rolling_back_stays_cheap_and_new_ground_does_not(gated: Site) -> None:
    gated.changed("two {{ who }}")
    gated.release()
    for version in ("0.1.0", "0.2.0"):
        approve(gated, "gwen@example.com", f"{NAME}@{version}")
        gated.promote(f"{NAME}@{version}")
    gated.changed("three {{ who }}")
    gated.release()
    configure(gated, PLAIN.replace("count: 1", "count: 9"))
    gated.rollback()
    assert gated.runs() == {NAME: "0.1.0"}
    gated.rollback(to=parse_version("0.2.0"))
    assert gated.runs() == {NAME: "0.2.0"}
    with pytest.raises(RefusedError, match="can't run this yet"):
        plan_rollback(
            gated.workspace,
            RollbackRequest(NAME, "production", parse_version("0.3.0")),
            gated.now,
        )


def test_lowering_the_risk_does_not_lower_the_gate(site: Site) -> None:
    configure(site, "environments: {production: {approvals: {high: {count: 1}}}}\n")
    manifest = site.path / f"prompts/{NAME}.prompt.yaml"
    low = manifest.read_text()
    manifest.write_text(low.replace("risk: low", "risk: high"))
    site.commit()
    site.release()
    approve(site, "gwen@example.com")
    site.promote(f"{NAME}@0.1.0")
    manifest.write_text(low)
    site.commit()
    site.release()
    with pytest.raises(RefusedError, match="can't run this yet") as caught:
        site.promote(f"{NAME}@latest")
    assert "(high risk) needs 1 approval" in caught.value.hint


def test_lifecycle_and_errors_close_the_gate(site: Site) -> None:
    configure(site, "environments: {staging: {}, production: {protected: true}}\n")
    manifest = site.path / f"prompts/{NAME}.prompt.yaml"
    active = manifest.read_text()
    manifest.write_text(active.replace("lifecycle: active", "lifecycle: draft"))
    site.commit()
    site.release()
    site.promote(f"{NAME}@0.1.0", env="staging")
    with pytest.raises(RefusedError, match="can't run this yet") as caught:
        site.promote(f"{NAME}@0.1.0")
    assert "is a draft" in caught.value.hint
    manifest.write_text(active.replace("lifecycle: active", "lifecycle: retired"))
    site.commit()
    with pytest.raises(RefusedError, match="can't run this yet") as caught:
        site.promote(f"{NAME}@0.1.0")
    assert "is retired" in caught.value.hint


def test_an_agent_asks_for_approvals_of_its_release(site: Site) -> None:
    configure(site, PLAIN)
    site.release()
    site.agent("bot", triage=f"{NAME}@0.1.0")
    text = (site.path / "agents/bot.agent.yaml").read_text()
    gate = "approvals: {release: {count: 1, from: [governance]}}\n"
    site.file("agents/bot.agent.yaml", text + gate)
    site.commit()
    with pytest.raises(RefusedError, match="nothing was released") as caught:
        site.release("bot")
    assert "a release of `bot` needs 1 approval from `governance`" in caught.value.hint
    approve(site, "gwen@example.com", "bot")
    assert site.release("bot") == "0.1.0"
    assert seen(site, "bot").version == parse_version("0.1.0")


def _pull_request(site: Site) -> list[str]:
    request = CheckRequest("main", TODAY, now=site.now)
    found = check(site.workspace, request).report.findings
    return [one.rule for one in found if one.rule.startswith("gate-")]


def test_check_holds_a_change_against_the_same_gates(gated: Site) -> None:
    gated.run("switch", "--quiet", "--create", "pr")
    pins = f'{{version: 0.1.0, digest: "{seen(gated).digest}"}}'
    gated.file(
        "environments/production.yaml",
        "apiVersion: promptreg/v1\nkind: Environment\nname: production\n"
        f"releases:\n  {NAME}: {pins}\n",
    )
    gated.commit("promote by hand")
    assert _pull_request(gated) == ["gate-approvals"]
    configure(gated, "environments: {staging: {}, production: {}}\n")
    assert _pull_request(gated) == ["gate-approvals"], "a change can't weaken its own gate"
    approve(gated, "gwen@example.com")
    assert _pull_request(gated) == [], "an approval may come with the change"


def test_check_takes_no_signers_or_members_from_the_change(
    gated: Site, key: Callable[[str], Path]
) -> None:
    _allow(gated, ("gwen@example.com", key("gwen")))
    gated.run("switch", "--quiet", "--create", "pr")
    mallorys = key("mallory")
    _allow(gated, ("gwen@example.com", mallorys))
    approve(gated, "gwen@example.com", key=str(mallorys))
    gated.promote(f"{NAME}@0.1.0")
    assert _pull_request(gated) == ["gate-approvals"]


def test_check_lets_through_what_ran_there_before(gated: Site) -> None:
    gated.changed("two {{ who }}")
    gated.release()
    for version in ("0.1.0", "0.2.0"):
        approve(gated, "gwen@example.com", f"{NAME}@{version}")
        gated.promote(f"{NAME}@{version}")
    configure(gated, PLAIN.replace("count: 1", "count: 9"))
    gated.run("switch", "--quiet", "--create", "pr")
    gated.rollback()
    assert _pull_request(gated) == []


def test_the_moment_is_recorded_with_its_zone(gated: Site) -> None:
    approve(gated, "gwen@example.com")
    asked = gated.now
    approve(gated, "gil@example.com", team="platform")
    moments = [datetime.fromisoformat(one.at) for one in seen(gated).approvals]
    assert asked in moments
