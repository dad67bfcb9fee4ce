"""`deprecate`, `retire`, `activate` and `transfer` against real repositories."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from tests.conftest import TODAY

from promptreg.commands.approve import ApproveRequest, plan_approve
from promptreg.commands.check import CheckRequest, check
from promptreg.commands.freeze import plan_suspend
from promptreg.commands.lifecycle import (
    LifecycleRequest,
    plan_activate,
    plan_deprecate,
    plan_retire,
)
from promptreg.commands.transfer import TransferRequest, plan_transfer
from promptreg.errors import GitError, RefusedError, SelectorError, UsageError
from promptreg.registry.workspace import open_workspace
from promptreg.releases.plan import CommitFiles, EditFiles, FileEdit, Plan
from promptreg.releases.suspending import Suspending

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.commands.conftest import Desk
    from tests.conftest import Site

NAME = "support/triage"
FILE = f"prompts/{NAME}.prompt.yaml"


def deprecated(site: Site, name: str = NAME, **more: Any) -> Plan:
    return plan_deprecate(site.workspace, LifecycleRequest(name, **more), TODAY)


def retired(site: Site, name: str = NAME, **more: Any) -> Plan:
    return plan_retire(site.workspace, LifecycleRequest(name, **more), TODAY)


def activated(site: Site, name: str = NAME) -> Plan:
    return plan_activate(site.workspace, LifecycleRequest(name), TODAY)


def handed(site: Site, owner: str = "other", **more: Any) -> Plan:
    return plan_transfer(site.workspace, TransferRequest(NAME, owner, **more), TODAY)


def edit(plan: Plan) -> FileEdit:
    (step,) = plan.steps
    assert isinstance(step, CommitFiles)
    return step.edits[0]


def test_a_deprecation_is_a_commit_of_one_file(three: Site) -> None:
    three.prompt("a")
    three.commit()
    before = (three.path / FILE).read_text()
    plan = deprecated(three, replaced_by="a", sunset="2027-01-31", reason="one is\n enough")
    three.apply(plan)
    assert three.text("diff-tree", "--no-commit-id", "--name-only", "-r", "HEAD") == FILE
    assert three.text("log", "-1", "--format=%B").rstrip("\n") == (
        f"Deprecate {NAME}\n\n"
        f"Promptreg-Lifecycle: {NAME} active -> deprecated\n"
        "Promptreg-Reason: one is enough"
    )
    assert (three.path / FILE).read_text() == before.replace(
        "lifecycle: active\n", "lifecycle: deprecated\nsunset: 2027-01-31\nreplaced_by: a\n"
    )
    three.apply(activated(three))
    assert (three.path / FILE).read_text() == before


def test_a_deprecation_can_be_told_more_exactly(site: Site) -> None:
    site.apply(deprecated(site))
    with pytest.raises(RefusedError, match="deprecated already"):
        deprecated(site)
    site.apply(deprecated(site, sunset="2027-01-31"))
    with pytest.raises(RefusedError, match="deprecated already"):
        deprecated(site, sunset="2027-01-31")
    plan = deprecated(site, sunset="2027-06-30")
    assert edit(plan).summary == f"{NAME}: deprecated -> deprecated (sunset 2027-06-30)"


def test_who_uses_it_and_where_it_runs_is_told(three: Site) -> None:
    three.agent("bot", first=NAME)
    three.agent("gone", first=NAME)
    three.commit()
    three.apply(retired(three, "gone"))
    three.promote(f"{NAME}@0.2.0")
    assert deprecated(three).notes == (
        "`bot` uses it: agents/bot.agent.yaml, `prompts.first`",
        "it runs in `production` (0.2.0)",
        f"`promptreg release {NAME}` tells it to those who use releases",
    )


@pytest.mark.parametrize(
    ("more", "error", "words"),
    [
        ({"replaced_by": "support/triag"}, SelectorError, "no prompt or agent `support/triag`"),
        ({"replaced_by": NAME}, UsageError, "can't replace itself"),
        ({"replaced_by": "gone"}, RefusedError, "`gone` is retired"),
        ({"replaced_by": "old"}, RefusedError, "would be wrong then"),
        ({"sunset": "2027-02-30"}, UsageError, "is no date"),
        ({"sunset": "20270131"}, UsageError, "is no date"),
        ({"sunset": "2020-01-31"}, RefusedError, "was to end on 2020-01-31"),
    ],
)
def test_a_wrong_deprecation_is_refused(
    site: Site, more: dict[str, str], error: type[Exception], words: str
) -> None:
    site.prompt("gone")
    site.prompt("old")
    site.commit()
    site.apply(retired(site, "gone"))
    site.apply(deprecated(site, "old", replaced_by=NAME))
    before = site.state()
    with pytest.raises(error, match=words):
        deprecated(site, **more)
    assert site.state() == before


def test_what_is_used_can_not_be_retired(three: Site) -> None:
    three.prompt("old")
    three.agent("bot", first=f"{NAME}@^0.1")
    three.commit()
    three.apply(deprecated(three, "old", replaced_by=NAME))
    three.promote(f"{NAME}@0.2.0")
    with pytest.raises(RefusedError, match="is in use") as caught:
        retired(three)
    assert caught.value.hint == (
        "`bot` uses it: agents/bot.agent.yaml, `prompts.first`\n"
        "  write another one there, or `promptreg retire bot` first\n"
        "`old` names it as what replaces it: prompts/old.prompt.yaml\n"
        "  `promptreg deprecate old --replaced-by OTHER` names another one\n"
        "it runs in `production` (0.2.0)\n"
        f'  `promptreg suspend {NAME} --env production --reason "..."` takes it out'
    )
    three.apply(retired(three, "old"))
    three.apply(retired(three, "bot"))
    plan = plan_suspend(three.workspace, Suspending(NAME, "production", "It ends"))
    three.apply(plan)
    three.apply(retired(three, reason="It ended"))
    assert f"Promptreg-Lifecycle: {NAME} active -> retired" in three.text(
        "log", "-1", "--format=%B"
    )
    with pytest.raises(RefusedError, match="is retired"):
        three.release()
    with pytest.raises(RefusedError, match="can't run this yet"):
        three.promote(f"{NAME}@0.1.0", env="staging")


def test_an_experiment_is_a_user(site: Site) -> None:
    site.prompt("b")
    site.file(
        "experiments/tone.experiment.yaml",
        f"apiVersion: promptreg/v1\nkind: Experiment\nname: tone\nowner: team\nprompt: {NAME}\n"
        f"variants: [{{name: x, selector: {NAME}, weight: 1}}, {{name: y, selector: b, weight: 1}}]\n",
    )
    site.commit()
    with pytest.raises(RefusedError, match="is in use") as caught:
        retired(site)
    assert "or delete experiments/tone.experiment.yaml" in caught.value.hint


def test_nothing_is_retired_where_nobody_knows_what_runs(site: Site) -> None:
    site.file("environments/production.yaml", "name: [\n")
    site.commit()
    with pytest.raises(RefusedError, match="can't be told"):
        retired(site)


def test_the_ways_that_there_are_not(site: Site) -> None:
    with pytest.raises(RefusedError, match="active already"):
        activated(site)
    site.apply(retired(site))
    for plan in (deprecated, activated):
        with pytest.raises(RefusedError, match="is retired") as caught:
            plan(site)
        assert "git revert" in caught.value.hint
    with pytest.raises(RefusedError, match="retired already"):
        retired(site)
    with pytest.raises(SelectorError, match="no prompt or agent `support/tri`"):
        retired(site, "support/tri")
    with pytest.raises(RefusedError, match="names a version"):
        retired(site, f"{NAME}@0.1.0")


def test_a_draft_becomes_active(site: Site) -> None:
    text = (site.path / FILE).read_text()
    site.file(FILE, text.replace("lifecycle: active", "lifecycle: draft"))
    site.commit()
    site.apply(activated(site))
    assert (site.path / FILE).read_text() == text


def test_without_a_commit_only_the_file_changes(site: Site) -> None:
    head = site.text("rev-parse", "HEAD")
    plan = deprecated(site, commit=False)
    assert isinstance(plan.steps[0], EditFiles)
    site.apply(plan)
    assert site.text("rev-parse", "HEAD") == head
    assert "lifecycle: deprecated" in (site.path / FILE).read_text()
    with pytest.raises(RefusedError, match="not committed"):
        site.apply(deprecated(site))


def test_a_detached_head_has_no_branch_to_commit_to(site: Site) -> None:
    site.run("switch", "-q", "--detach")
    with pytest.raises(RefusedError, match="HEAD is detached"):
        deprecated(site)


def test_without_commits_there_is_nothing_to_change(desk: Desk) -> None:
    here = desk.registry({}, git=False)
    with pytest.raises(GitError):
        plan_retire(here, LifecycleRequest("a"), TODAY)
    desk.git("init", "-q")
    with pytest.raises(GitError, match="no commits yet"):
        plan_retire(desk.open(), LifecycleRequest("a"), TODAY)


def test_a_manifest_that_can_not_be_edited_says_what_to_write(site: Site) -> None:
    text = (site.path / FILE).read_text()
    site.file(FILE, text.replace("lifecycle: active", "x-a: &a active\nlifecycle: *a"))
    site.commit()
    with pytest.raises(RefusedError, match="can't be changed safely") as caught:
        deprecated(site, sunset="2027-01-31")
    assert caught.value.hint == (
        "write `lifecycle: deprecated` and `sunset: 2027-01-31` by hand and commit it"
    )


def test_a_registry_below_the_top_of_its_repository(desk: Desk) -> None:
    manifest = (
        "apiVersion: promptreg/v1\nkind: Prompt\nname: a\ndescription: D\nowner: team\n"
        "lifecycle: active\nrisk: low\nmodel: {name: m}\nmessages: [{role: user, content: x}]\n"
    )
    desk.git("init", "-q", "-b", "main")
    configuration = "apiVersion: promptreg/v1\nkind: Registry\nname: x\nowners: {team: {}}\n"
    desk.write({"r/promptreg.yaml": configuration, "r/prompts/a.prompt.yaml": manifest})
    desk.commit()
    plan = plan_deprecate(desk.open("r"), LifecycleRequest("a"), date(2026, 1, 1))
    assert edit(plan).path == "r/prompts/a.prompt.yaml"


# Hand-over


def test_a_hand_over_is_a_commit_of_one_file(site: Site) -> None:
    before = (site.path / FILE).read_text()
    site.apply(handed(site, reason="team split"))
    assert site.text("log", "-1", "--format=%B").rstrip("\n") == (
        f"Transfer {NAME} to other\n\n"
        f"Promptreg-Owner: {NAME} team -> other\nPromptreg-Reason: team split"
    )
    assert (site.path / FILE).read_text() == before.replace("owner: team", "owner: other")
    with pytest.raises(RefusedError, match="belongs to `other` already"):
        handed(site)
    with pytest.raises(RefusedError, match="no owner `tem`") as caught:
        handed(site, "tem")
    assert "`team`" in caught.value.hint


def test_the_new_owner_is_told_what_there_is(three: Site) -> None:
    three.prompt("a")
    three.agent("bot", first=f"{NAME}@latest")
    three.commit()
    three.promote(f"{NAME}@0.2.0")
    three.apply(deprecated(three, "a", replaced_by=NAME))
    three.apply(deprecated(three, sunset="2027-01-31"))
    assert handed(three).notes == (
        "it is deprecated, and ends on 2027-01-31",
        "`a` is to be replaced by it: prompts/a.prompt.yaml",
        "it has changes that aren't released since 1.0.0-rc.1",
        "it runs in `production` (0.2.0)",
        "`bot` uses it: agents/bot.agent.yaml, `prompts.first`",
    )
    three.file(".github/CODEOWNERS", "* @team\n")
    three.commit()
    assert handed(three).notes[-1].endswith("writes CODEOWNERS with the new owner")


OWNERS = """\
apiVersion: promptreg/v1
kind: Registry
name: example
owners:
  team: {members: [ann@example.com, tim@example.com]}
  other: {members: [olga@example.com]}
  empty: {}
environments: {staging: {}, production: {approvals: {low: {count: 1}}}}
"""


@pytest.fixture
def gated(site: Site) -> Site:
    """Production asks for an approval, so a hand-over needs those of both owners."""
    site.file("promptreg.yaml", OWNERS)
    site.commit("configure")
    site.run("switch", "-qc", "pr")
    return site


def approve(site: Site, email: str, team: str) -> None:
    names = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER")
             for what, value in (("EMAIL", email), ("NAME", "A Person"))}  # fmt: skip
    here = open_workspace(site.path, {**site.environ, **names})
    site.apply(plan_approve(here, ApproveRequest(NAME, team), site.now))


def asked(site: Site) -> set[str]:
    outcome = check(site.workspace, CheckRequest("main", TODAY, now=site.now))
    found = [one for one in outcome.report.findings if one.rule == "gate-transfer"]
    assert {one.at.path for one in found} <= {FILE}
    return {one.message.rpartition(" from ")[2].split("`")[1] for one in found}


def test_both_owners_have_to_approve_the_hand_over(gated: Site) -> None:
    with pytest.raises(RefusedError, match="can't be handed over yet") as caught:
        handed(gated)
    assert "approval from `team` is missing [gate-transfer]" in caught.value.hint
    assert "approval from `other` is missing [gate-transfer]" in caught.value.hint
    assert f"`promptreg transfer {NAME} --to other --no-commit`" in caught.value.hint
    approve(gated, "tim@example.com", "team")  # of what it is now: not of the hand-over
    plan = handed(gated, commit=False)
    assert len([one for one in plan.notes if one.startswith("`check` will ask")]) == 2
    gated.apply(plan)
    gated.commit("hand over")
    assert asked(gated) == {"team", "other"}
    approve(gated, "ann@example.com", "team")  # by its author: a team speaks for itself
    assert asked(gated) == {"other"}
    approve(gated, "olga@example.com", "other")
    assert asked(gated) == set()
    text = (gated.path / FILE).read_text()
    gated.file(FILE, text.replace("An example", "Another example"))
    gated.commit("and something else")
    assert asked(gated) == {"team", "other"}


def test_approvals_of_the_new_state_open_the_command(gated: Site) -> None:
    gated.apply(handed(gated, commit=False))
    gated.commit("hand over")
    approve(gated, "tim@example.com", "team")
    approve(gated, "olga@example.com", "other")
    gated.run("switch", "-q", "main")
    gated.run("checkout", "pr", "--", "approvals")
    gated.commit("approved")
    gated.apply(handed(gated))
    assert "owner: other" in (gated.path / FILE).read_text()


def by_hand(site: Site, change: Callable[[str], str]) -> None:
    site.file(FILE, change((site.path / FILE).read_text()))
    site.commit("by hand")


def test_a_renamed_entry_is_handed_over_all_the_same(gated: Site) -> None:
    text = (gated.path / FILE).read_text().replace("owner: team", "owner: other")
    new = text.replace(f"name: {NAME}", f"name: support/new\nrenamed_from: {NAME}")
    gated.run("rm", "-q", FILE)
    gated.file("prompts/support/new.prompt.yaml", new)
    gated.commit("rename")
    outcome = check(gated.workspace, CheckRequest("main", TODAY, now=gated.now))
    assert [one.rule for one in outcome.report.findings].count("gate-transfer") == 2


def test_membership_is_that_of_the_base(gated: Site) -> None:
    gated.file("promptreg.yaml", OWNERS.replace("olga@", "tim@"))
    by_hand(gated, lambda text: text.replace("owner: team", "owner: other"))
    approve(gated, "ann@example.com", "team")
    approve(gated, "tim@example.com", "other")
    assert asked(gated) == {"other"}


def test_owners_without_members(gated: Site) -> None:
    by_hand(gated, lambda text: text.replace("owner: team", "owner: empty"))
    assert asked(gated) == {"team", "empty"}
    gated.run("switch", "-q", "main")
    gated.run("merge", "-q", "pr")
    gated.run("switch", "-qc", "next")
    by_hand(gated, lambda text: text.replace("owner: empty", "owner: other"))
    assert asked(gated) == {"other"}  # nobody of the old one can be asked


def test_lowering_the_risk_does_not_lower_the_gate(gated: Site) -> None:
    gated.run("switch", "-q", "main")
    gated.file("promptreg.yaml", OWNERS.replace("low:", "high:"))
    by_hand(gated, lambda text: text.replace("risk: low", "risk: high"))
    gated.run("switch", "-qc", "lower")
    by_hand(
        gated,
        lambda text: text.replace("risk: high", "risk: low").replace("owner: team", "owner: other"),
    )
    assert asked(gated) == {"team", "other"}
