"""`freeze`, `unfreeze` and `suspend` against real repositories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.conftest import TODAY

from promptreg.commands.approvals import approvals
from promptreg.commands.check import CheckRequest, check
from promptreg.commands.freeze import plan_freeze, plan_suspend, plan_unfreeze
from promptreg.commands.log import log
from promptreg.commands.promote import (
    PromoteRequest,
    RollbackRequest,
    plan_promotion,
    plan_rollback,
)
from promptreg.commands.status import status
from promptreg.errors import RefusedError, SelectorError, UsageError
from promptreg.model.finding import Finding
from promptreg.model.selector import parse_selector
from promptreg.model.version import parse_version
from promptreg.releases.freezing import Freezing
from promptreg.releases.plan import EditFiles, Plan
from promptreg.releases.resolve import resolve
from promptreg.releases.suspending import Suspending
from promptreg.reporters.status import status_lines

if TYPE_CHECKING:
    from tests.conftest import Site

NAME = "support/triage"
FILE = "environments/production.yaml"


@pytest.fixture
def four(three: Site) -> Site:
    """Releases 0.1.0, 0.2.0, 1.0.0-rc.1 and 1.0.0; 0.1.0 and 0.2.0 ran in production."""
    three.release()
    for version in ("0.1.0", "0.2.0"):
        three.promote(f"{NAME}@{version}")
    return three


def freeze(site: Site, reason: str = "Black Friday", env: str = "production") -> None:
    site.apply(plan_freeze(site.workspace, Freezing(env, reason)))


def unfreeze(site: Site, reason: str = "") -> None:
    site.apply(plan_unfreeze(site.workspace, Freezing("production", reason)))


def suspend(site: Site, name: str = NAME, reason: str = "It leaks") -> Plan:
    plan = plan_suspend(site.workspace, Suspending(name, "production", reason))
    site.apply(plan)
    return plan


def planned(site: Site, selector: str) -> Plan:
    return plan_promotion(site.workspace, PromoteRequest((selector,), "production"), site.now)


def test_a_freeze_is_a_commit_of_one_line(four: Site) -> None:
    before = (four.path / FILE).read_bytes()
    freeze(four, "Black Friday:\n  nothing # moves")
    assert four.text("diff-tree", "--no-commit-id", "--name-only", "-r", "HEAD") == FILE
    assert four.text("log", "-1", "--format=%B").rstrip("\n") == (
        "Freeze production\n\n"
        "Promptreg-Environment: production\n"
        "Promptreg-Freeze: frozen\n"
        "Promptreg-Reason: Black Friday: nothing # moves"
    )
    line = b'frozen: {reason: "Black Friday: nothing # moves"}\n'
    assert (four.path / FILE).read_bytes().replace(line, b"") == before
    unfreeze(four, "It is over")
    assert (four.path / FILE).read_bytes() == before
    assert "Promptreg-Freeze: unfrozen\nPromptreg-Reason: It is over" in four.text(
        "log", "-1", "--format=%B"
    )


def test_an_environment_that_never_ran_anything_can_be_frozen(four: Site) -> None:
    freeze(four, env="staging")
    with pytest.raises(RefusedError, match="can't run this yet"):
        four.promote(f"{NAME}@0.1.0", env="staging")


def test_a_frozen_environment_refuses_promotions(four: Site) -> None:
    freeze(four)
    four.changed("later")
    for version in ("1.0.0", "0.1.0"):
        with pytest.raises(RefusedError, match="can't run this yet") as caught:
            planned(four, f"{NAME}@{version}")
        assert (
            "`production` is frozen since 2023-11-14 by Ann Example: Black Friday [gate-frozen]"
            in caught.value.hint
        )
        assert "`promptreg unfreeze production`" in caught.value.hint
    unfreeze(four)
    four.promote(f"{NAME}@1.0.0")
    assert four.runs() == {NAME: "1.0.0"}


def test_several_releases_are_refused_with_one_reason(four: Site) -> None:
    four.prompt("a")
    four.commit()
    four.release("a")
    freeze(four)
    with pytest.raises(RefusedError, match="a requirement isn't met") as caught:
        four.promote(f"{NAME}@1.0.0", "a@latest")
    assert caught.value.hint.count("gate-frozen") == 1


def test_what_ran_before_may_come_back_and_nothing_else(four: Site) -> None:
    freeze(four)
    request = RollbackRequest(NAME, "production")
    plan = plan_rollback(four.workspace, request, four.now)
    assert plan.notes[-1].startswith("`production` is frozen since 2023-11-14")
    four.apply(plan)
    assert four.runs() == {NAME: "0.1.0"}
    four.rollback(to=parse_version("0.2.0"))
    with pytest.raises(RefusedError, match="can't run this yet"):
        four.rollback(to=parse_version("1.0.0"))


def test_since_when_is_told_by_the_reason_that_counts(four: Site) -> None:
    freeze(four)
    four.clock[0] += 10 * 86400
    four.rollback()
    unfreeze(four)
    freeze(four)
    with pytest.raises(RefusedError) as caught:
        planned(four, f"{NAME}@1.0.0")
    assert "since 2023-11-24" in caught.value.hint


@pytest.mark.parametrize(
    ("reason", "words"), [(" \n", "say why"), ("x" * 1001, "the reason has 1001 characters")]
)
def test_a_reason_is_needed(four: Site, reason: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        freeze(four, reason)
    with pytest.raises(UsageError, match=words):
        suspend(four, reason=reason)


def test_nothing_to_do_is_refused(four: Site) -> None:
    with pytest.raises(RefusedError, match="isn't frozen"):
        unfreeze(four)
    freeze(four)
    with pytest.raises(RefusedError, match="frozen already: Black Friday"):
        freeze(four)
    with pytest.raises(SelectorError, match="no environment `prod`"):
        freeze(four, env="prod")


def test_without_a_commit_only_the_file_changes(four: Site) -> None:
    head = four.text("rev-parse", "HEAD")
    plan = plan_freeze(four.workspace, Freezing("production", "Black Friday", commit=False))
    assert isinstance(plan.steps[0], EditFiles)
    four.apply(plan)
    assert four.text("rev-parse", "HEAD") == head
    assert "frozen:" in (four.path / FILE).read_text()
    planned(four, f"{NAME}@1.0.0")  # what isn't committed doesn't count


def test_environments_on_a_branch_of_their_own(four: Site) -> None:
    four.configure("environments_branch: deploy\n")
    four.commit()
    four.run("branch", "deploy")
    main = four.text("rev-parse", "main")
    freeze(four)
    suspend(four)
    assert four.text("rev-parse", "main") == main
    assert four.text("rev-list", "--count", "main..deploy") == "2"
    with pytest.raises(RefusedError, match="can't run this yet"):
        planned(four, f"{NAME}@1.0.0")
    four.rollback()
    assert four.runs() == {NAME: "0.2.0"}


def checked(site: Site) -> list[Finding]:
    outcome = check(site.workspace, CheckRequest("main", TODAY, now=site.now))
    return [one for one in outcome.report.findings if one.rule.startswith("gate-")]


def move(site: Site, old: str, new: str) -> None:
    """Point production elsewhere by hand, in a pull request."""
    from promptreg.releases.ledger import find_release

    text = (site.path / FILE).read_text()
    for key in ("version", "digest"):
        found = [
            str(getattr(find_release(site.workspace.git, NAME, parse_version(one)), key))
            for one in (old, new)
        ]
        text = text.replace(found[0], found[1])
    site.file(FILE, text)


@pytest.mark.parametrize("course", ["frozen", "unfrozen with it"])
def test_check_finds_a_moved_pin_by_the_base(four: Site, course: str) -> None:
    freeze(four)
    four.run("switch", "-qc", "pr")
    if course != "frozen":
        unfreeze(four)
    move(four, "0.2.0", "1.0.0")
    four.commit()
    (found,) = checked(four)
    assert found.rule == "gate-frozen"
    assert found.at.path == FILE
    assert "is frozen since 2023-11-14 by Ann Example: Black Friday" in found.message
    move(four, "1.0.0", "0.1.0")
    four.commit()
    assert checked(four) == []  # it ran there


def test_a_freeze_stops_pull_requests_that_began_before_it(four: Site) -> None:
    four.run("switch", "-qc", "pr")
    move(four, "0.2.0", "1.0.0")
    four.commit()
    four.run("switch", "-q", "main")
    freeze(four)
    four.run("switch", "-q", "pr")
    assert [one.rule for one in checked(four)] == ["gate-frozen"]
    four.run("switch", "-q", "main")
    unfreeze(four)
    four.run("switch", "-q", "pr")
    assert checked(four) == []


def test_a_pull_request_that_began_in_a_freeze_may_go_on_after_it(four: Site) -> None:
    freeze(four)
    four.run("switch", "-qc", "pr")
    move(four, "0.2.0", "1.0.0")
    four.commit()
    assert [one.rule for one in checked(four)] == ["gate-frozen"]
    four.run("switch", "-q", "main")
    unfreeze(four)
    four.run("switch", "-q", "pr")
    assert checked(four) == []


@pytest.mark.parametrize("reason", ["a\udcff", "a\u202eb", "a\x1b[31mb"])
def test_a_reason_is_text_that_the_file_can_hold(four: Site, reason: str) -> None:
    before = four.state()
    with pytest.raises(UsageError, match="reason"):
        freeze(four, reason=reason)
    with pytest.raises(UsageError, match="reason"):
        suspend(four, reason=reason)
    assert four.state() == before


def test_check_lets_an_environment_be_frozen_with_its_last_move(four: Site) -> None:
    four.run("switch", "-qc", "pr")
    move(four, "0.2.0", "1.0.0")
    four.commit()
    freeze(four)
    assert checked(four) == []


def test_approvals_tell_that_an_environment_is_frozen(four: Site) -> None:
    freeze(four)
    found = approvals(four.workspace, f"{NAME}@1.0.0", four.now)
    missing = {one.environment: [unmet.id for unmet in one.missing] for one in found.environments}
    assert missing == {"staging": [], "production": ["gate-frozen"]}


# Suspension


def test_a_suspension_moves_the_line(four: Site) -> None:
    plan = suspend(four, reason="It leaks: see INC-7")
    assert plan.title == f"Suspend {NAME} in production"
    assert four.text("log", "-1", "--format=%B").rstrip("\n") == (
        f"Suspend {NAME} in production\n\n"
        "Promptreg-Environment: production\n"
        f"Promptreg-Suspend: {NAME} 0.2.0\n"
        "Promptreg-Reason: It leaks: see INC-7"
    )
    assert four.runs() == {}
    with pytest.raises(SelectorError, match="suspended in `production`: It leaks: see INC-7") as no:
        resolve(four.workspace, parse_selector(f"{NAME}@production"))
    assert f"promptreg rollback {NAME} --env production" in no.value.hint
    with pytest.raises(RefusedError, match="suspended in `production` already: It leaks"):
        suspend(four)


def test_a_roll_back_returns_what_was_suspended(four: Site) -> None:
    before = (four.path / FILE).read_bytes()
    suspend(four)
    four.rollback()
    assert (four.path / FILE).read_bytes() == before
    four.rollback()
    assert four.runs() == {NAME: "0.1.0"}


def test_a_promotion_returns_it_too(four: Site) -> None:
    suspend(four)
    four.promote(f"{NAME}@1.0.0")
    assert four.runs() == {NAME: "1.0.0"}
    assert "suspended" not in (four.path / FILE).read_text()
    four.rollback()  # not to what was taken out for a reason
    assert four.runs() == {NAME: "0.1.0"}
    with pytest.raises(RefusedError, match="nothing that ran in"):
        four.rollback()


def test_what_was_suspended_and_returned_counts_again(four: Site) -> None:
    suspend(four)
    four.rollback()
    four.promote(f"{NAME}@1.0.0")
    four.rollback()
    assert four.runs() == {NAME: "0.2.0"}


def test_a_suspension_by_hand_opens_no_gate(four: Site) -> None:
    from promptreg.releases.ledger import find_release

    release = find_release(four.workspace.git, NAME, parse_version("1.0.0"))
    suspend(four)
    text = (four.path / FILE).read_text()
    ran = find_release(four.workspace.git, NAME, parse_version("0.2.0"))
    four.file(FILE, text.replace("0.2.0", "1.0.0").replace(ran.digest, release.digest))
    four.commit("by hand")
    with pytest.raises(RefusedError, match="is suspended, and it never ran"):
        four.rollback()


def test_what_is_retired_comes_back_with_a_word(four: Site) -> None:
    suspend(four)
    manifest = four.path / f"prompts/{NAME}.prompt.yaml"
    manifest.write_text(manifest.read_text().replace("lifecycle: active", "lifecycle: retired"))
    four.commit()
    plan = plan_rollback(four.workspace, RollbackRequest(NAME, "production"), four.now)
    assert plan.notes == (f"`{NAME}` is retired",)


def test_suspending_does_not_lower_the_gate(four: Site) -> None:
    manifest = four.path / f"prompts/{NAME}.prompt.yaml"
    low = manifest.read_text()
    manifest.write_text(low.replace("risk: low", "risk: high"))
    four.commit()
    four.release()
    four.promote(f"{NAME}@latest")
    manifest.write_text(low)
    text = (four.path / "promptreg.yaml").read_text()
    gated = "production: {approvals: {high: {count: 1}}}"
    four.file("promptreg.yaml", text.replace("production: {}", gated))
    four.commit()
    four.release()
    suspend(four)
    with pytest.raises(RefusedError) as caught:
        planned(four, f"{NAME}@latest")
    assert "(high risk) needs 1 approval" in caught.value.hint


def test_what_does_not_run_can_not_be_suspended(four: Site) -> None:
    with pytest.raises(RefusedError, match="doesn't run in `production`") as caught:
        suspend(four, "support/triag")
    assert NAME in caught.value.hint
    with pytest.raises(UsageError, match="names a version"):
        suspend(four, f"{NAME}@0.2.0")


def test_who_uses_it_there_is_told(four: Site) -> None:
    four.agent("bot", first=f"{NAME}@production", second=f"{NAME}@^0.1")
    four.commit()
    four.release("bot")
    four.promote("bot@latest")
    four.agent("other", first=f"{NAME}@production", second=f"{NAME}@staging")
    four.commit()
    notes = suspend(four).notes
    assert notes == (
        f"`bot` 0.1.0 runs in `production` and was released with `{NAME}` 0.2.0 (`first`), which "
        "it keeps",
        f"`bot` 0.1.0 runs in `production` and was released with `{NAME}` 0.1.0 (`second`), which "
        "it keeps",
        f"`bot` selects `{NAME}@production` (agents/bot.agent.yaml, `prompts.first`), which fails "
        "from now on",
        f"`other` selects `{NAME}@production` (agents/other.agent.yaml, `prompts.first`), which "
        "fails from now on",
        f"`promptreg rollback {NAME} --env production` puts 0.2.0 back",
    )


def test_the_log_tells_a_suspension(four: Site) -> None:
    suspend(four)
    four.rollback()
    moves: list[Any] = [one for one in log(four.workspace, NAME).events if one.kind == "move"]
    assert [(str(one.before), str(one.version), one.suspended) for one in moves[:2]] == [
        ("None", "0.2.0", False),
        ("0.2.0", "None", True),
    ]
    assert moves[1].text == "It leaks"


def test_a_suspension_by_hand_gives_its_reason(four: Site) -> None:
    plan = plan_suspend(four.workspace, Suspending(NAME, "production", "It leaks", commit=False))
    four.apply(plan)
    four.commit("by hand")
    first = next(one for one in log(four.workspace, NAME).events if one.kind == "move")
    assert (first.suspended, first.text) == (True, "It leaks")


def test_check_tells_what_became_of_an_environment(four: Site) -> None:
    four.run("switch", "-qc", "pr")
    suspend(four)
    freeze(four)
    outcome = check(four.workspace, CheckRequest("main", TODAY, now=four.now))
    (note,) = [one.note for one in outcome.comparison.other_files if one.path == FILE]
    assert note == f"frozen, `{NAME}` 0.2.0 -> suspended"


def test_status_tells_freezes_and_suspensions(four: Site) -> None:
    freeze(four)
    suspend(four)
    found = status(four.workspace)
    staging, production = found.environments
    assert (staging.frozen, staging.suspended) == (None, ())
    assert production.running == ()
    assert production.frozen is not None
    assert production.frozen.reason == "Black Friday"
    assert production.frozen.by == "Ann Example <ann@example.com>"
    (out,) = production.suspended
    assert (out.name, str(out.version), out.reason) == (NAME, "0.2.0", "It leaks")
    assert out.commit == four.text("rev-parse", "HEAD")
    for shown in (
        status_lines(found),
        status_lines(status(four.workspace, environment="production")),
    ):
        text = "\n".join("".join(span.text for span in one) for one in shown)
        assert "frozen since 2023-11-14T" in text
        assert f"suspended {NAME} 0.2.0 since 2023-11-14T" in text
        assert "by Ann Example: It leaks" in text


def test_status_of_a_suspension_that_no_history_tells(four: Site) -> None:
    text = (four.path / FILE).read_text()
    line = next(one for one in text.split("\n") if NAME in one)
    four.file("environments/staging.yaml", "".join((
        "apiVersion: promptreg/v1\nkind: Environment\nname: staging\nreleases: {}\nsuspended:\n",
        line.replace("}", ", reason: Not yet}") + "\n",
    )))  # fmt: skip
    four.commit()
    (out,) = status(four.workspace).environments[0].suspended
    assert (out.reason, out.since, out.by, out.commit) == ("Not yet", "", "", "")
