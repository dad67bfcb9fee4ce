"""`promote` and `rollback` against real repositories."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from promptreg.commands.promote import (
    PromoteRequest,
    RollbackRequest,
    plan_promotion,
    plan_rollback,
)
from promptreg.errors import GitError, RefusedError, SelectorError, UsageError
from promptreg.model.selector import parse_selector
from promptreg.model.version import Version, parse_version
from promptreg.releases.plan import CommitFiles, EditFiles
from promptreg.releases.resolve import resolve

if TYPE_CHECKING:
    from tests.conftest import Site

NAME = "support/triage"
FILE = "environments/production.yaml"


@pytest.fixture
def four(three: Site) -> Site:
    """Releases 0.1.0, 0.2.0, 1.0.0-rc.1 and 1.0.0."""
    three.release()
    return three


def runs(site: Site) -> str:
    return site.runs().get(NAME, "")


def test_a_promotion_is_a_commit_of_one_file(four: Site) -> None:
    head = four.text("rev-parse", "HEAD")
    four.promote(f"{NAME}@0.2.0", reason="Q3 queues\nwith a line break")
    assert four.text("rev-parse", "HEAD~1") == head
    assert four.text("diff-tree", "--no-commit-id", "--name-only", "-r", "HEAD") == FILE
    assert four.text("status", "--porcelain") == ""
    message = four.text("log", "-1", "--format=%B").rstrip("\n")
    assert message == (
        f"Promote {NAME}@0.2.0 to production\n\n"
        "Promptreg-Environment: production\n"
        f"Promptreg-Move: {NAME} none -> 0.2.0\n"
        "Promptreg-Reason: Q3 queues with a line break"
    )
    assert four.runs() == {NAME: "0.2.0"}
    assert four.runs("staging") == {}


def test_several_at_once_are_one_commit(four: Site) -> None:
    four.prompt("a")
    four.commit()
    four.release("a")
    four.promote(f"{NAME}@latest", "a@^0.1")
    assert four.runs() == {"a": "0.1.0", NAME: "1.0.0"}
    assert list(four.runs()) == ["a", NAME]
    assert four.text("rev-list", "--count", "HEAD", "--", FILE) == "1"


def test_roll_back_twice_goes_back_twice(four: Site) -> None:
    for version in ("0.1.0", "0.2.0", "1.0.0"):
        four.promote(f"{NAME}@{version}")
    four.rollback()
    assert runs(four) == "0.2.0"
    four.rollback()
    assert runs(four) == "0.1.0"
    with pytest.raises(RefusedError, match="nothing that ran in"):
        four.rollback()
    four.promote(f"{NAME}@1.0.0")
    assert runs(four) == "1.0.0"
    four.rollback()
    assert runs(four) == "0.1.0"


def test_roll_forward_after_a_roll_back(four: Site) -> None:
    for version in ("0.1.0", "0.2.0"):
        four.promote(f"{NAME}@{version}")
    four.rollback()
    four.rollback(to=Version(0, 2, 0))
    assert runs(four) == "0.2.0"
    four.rollback()
    assert runs(four) == "0.1.0"


def test_a_roll_back_needs_no_force_and_names_what_it_did(four: Site) -> None:
    for version in ("0.1.0", "0.2.0"):
        four.promote(f"{NAME}@{version}")
    before = four.text("rev-list", "HEAD").split()
    four.rollback()
    assert four.text("rev-list", "HEAD").split()[1:] == before
    assert "Promptreg-Move: support/triage 0.2.0 -> 0.1.0" in four.text("log", "-1", "--format=%B")
    found = resolve(four.workspace, parse_selector(f"{NAME}@production"))
    assert found.release is not None
    assert found.entry.digest() == found.release.digest


def test_other_entries_are_not_rolled_back(four: Site) -> None:
    four.prompt("a")
    four.commit()
    four.release("a")
    four.promote(f"{NAME}@0.1.0")
    four.promote(f"{NAME}@0.2.0")
    four.promote("a@0.1.0")
    four.rollback()
    assert four.runs() == {"a": "0.1.0", NAME: "0.1.0"}


def test_what_can_not_be_rolled_back(four: Site) -> None:
    with pytest.raises(RefusedError, match="doesn't run in `production`"):
        four.rollback()
    four.promote(f"{NAME}@0.1.0")
    with pytest.raises(RefusedError, match="nothing that ran"):
        four.rollback()
    with pytest.raises(SelectorError, match="no release 9"):
        four.rollback(to=Version(9, 0, 0))
    with pytest.raises(RefusedError, match="already"):
        four.rollback(to=Version(0, 1, 0))
    with pytest.raises(SelectorError, match="no environment `prod`"):
        four.rollback(env="prod")
    with pytest.raises(UsageError, match="names a version"):
        four.rollback(f"{NAME}@0.1.0")
    with pytest.raises(UsageError, match="name the environment"):
        four.rollback(env="")


def test_what_can_not_be_promoted(four: Site) -> None:
    four.promote(f"{NAME}@0.1.0")
    for selectors, kind, words in (
        ((f"{NAME}@0.1.0",), RefusedError, "runs in `production` already"),
        ((NAME,), UsageError, "names no release"),
        ((f"{NAME}@git:HEAD",), SelectorError, "names no release"),
        ((f"{NAME}@0.1.0", f"{NAME}@0.2.0"), UsageError, "named twice"),
        ((f"{NAME}@9.0.0",), SelectorError, "no release 9.0.0"),
    ):
        with pytest.raises(kind, match=words):
            four.promote(*selectors)
    with pytest.raises(SelectorError, match="no environment `produktion`") as caught:
        four.promote(f"{NAME}@0.1.0", env="produktion")
    assert "`production`" in caught.value.hint


def test_a_release_moves_from_one_environment_to_the_next(four: Site) -> None:
    four.promote(f"{NAME}@0.2.0", env="staging")
    four.promote(f"{NAME}@staging")
    assert runs(four) == "0.2.0"


def test_a_dirty_environment_file_is_refused(four: Site) -> None:
    four.promote(f"{NAME}@0.1.0")
    place = four.path / FILE
    for dirty in (lambda: place.write_text(place.read_text() + "# mine\n"), place.unlink):
        dirty()
        before = four.state()
        with pytest.raises(RefusedError, match="not committed"):
            four.promote(f"{NAME}@0.2.0")
        assert four.state() == before
        four.run("restore", FILE)
    place.write_text(place.read_text() + "# mine\n")
    four.run("add", FILE)
    with pytest.raises(RefusedError, match="not committed"):
        four.promote(f"{NAME}@0.2.0")


def test_an_untracked_environment_file_is_not_overwritten(four: Site) -> None:
    four.write(FILE, "mine")
    with pytest.raises(RefusedError, match="not committed"):
        four.promote(f"{NAME}@0.1.0")
    assert (four.path / FILE).read_text() == "mine"


def test_other_changes_are_kept(four: Site) -> None:
    four.prompt(text="edited {{ who }}")
    four.write("staged.txt", "staged")
    four.run("add", "staged.txt")
    four.write("staged.txt", "staged and edited")
    four.write("loose.txt", "loose")
    before = four.text("status", "--porcelain")
    four.promote(f"{NAME}@0.1.0")
    assert four.text("status", "--porcelain") == before
    assert four.text("show", ":staged.txt") == "staged"
    assert four.text("diff-tree", "--no-commit-id", "--name-only", "-r", "HEAD") == FILE


def _request(four: Site, version: str, *, commit: bool = True) -> PromoteRequest:
    return PromoteRequest((f"{NAME}@{version}",), "production", "", commit)


def test_a_plan_changes_nothing(four: Site) -> None:
    before = four.state()
    plan_promotion(four.workspace, _request(four, "0.1.0"), four.now)
    plan_rollback(four.workspace, RollbackRequest(NAME, to=Version(0, 1, 0)), four.now)
    assert four.state() == before


def test_a_lost_race_is_refused_and_nothing_is_half_done(four: Site) -> None:
    plan = plan_promotion(four.workspace, _request(four, "0.1.0"), four.now)
    four.write("other.txt", "x")
    four.commit("someone was faster")
    before = four.state()
    with pytest.raises(RefusedError, match="nothing was changed"):
        four.apply(plan)
    assert four.state() == before
    four.promote(f"{NAME}@0.1.0")
    assert runs(four) == "0.1.0"


def test_no_commit_edits_the_file_only(four: Site) -> None:
    plan = plan_promotion(four.workspace, _request(four, "0.1.0", commit=False), four.now)
    assert [type(step) for step in plan.steps] == [EditFiles]
    refs = four.refs()
    four.apply(plan)
    assert four.refs() == refs
    assert NAME in (four.path / FILE).read_text()
    assert four.runs() == {}
    four.commit()
    assert runs(four) == "0.1.0"


def test_a_detached_head_has_no_branch_to_commit_to(four: Site) -> None:
    four.run("switch", "--quiet", "--detach")
    before = four.state()
    with pytest.raises(RefusedError, match="HEAD is detached"):
        four.promote(f"{NAME}@0.1.0")
    with pytest.raises(RefusedError, match="HEAD is detached"):
        four.rollback(env="", to=Version(0, 1, 0))
    assert four.state() == before


def test_a_merge_in_progress_is_refused(four: Site) -> None:
    four.run("switch", "--quiet", "-c", "side", "HEAD~1")
    four.write("other.txt", "x")
    four.commit()
    four.run("merge", "--quiet", "--no-commit", "--no-ff", "main")
    with pytest.raises(RefusedError, match="a merge is in progress") as caught:
        four.promote(f"{NAME}@0.1.0")
    assert "git merge --abort" in caught.value.hint


def test_a_broken_environment_file_is_refused(four: Site) -> None:
    four.write(FILE, "releases: [")
    four.commit()
    with pytest.raises(RefusedError, match="can't be used"):
        four.promote(f"{NAME}@0.1.0")


def test_the_file_keeps_its_comments(four: Site) -> None:
    four.promote(f"{NAME}@0.1.0")
    place = four.path / FILE
    place.write_bytes(b"# who to ask: ops\r\n" + place.read_bytes().replace(b"\n", b"\r\n"))
    four.commit()
    four.promote(f"{NAME}@0.2.0")
    text = place.read_bytes()
    assert text.startswith(b"# who to ask: ops\r\n")
    assert b"\n" not in text.replace(b"\r\n", b"")
    assert four.text("status", "--porcelain") == ""


# A branch of their own


@pytest.fixture
def deploy(four: Site) -> Site:
    """Environments live on the branch `deploy`."""
    four.configure("environments_branch: deploy\n")
    four.commit()
    four.run("branch", "deploy")
    return four


def test_environments_live_on_their_branch(deploy: Site) -> None:
    main, files = deploy.text("rev-parse", "main"), deploy.state()[3]
    deploy.promote(f"{NAME}@0.1.0")
    deploy.promote(f"{NAME}@0.2.0")
    deploy.rollback()
    assert deploy.text("rev-parse", "main") == main
    assert deploy.state()[3] == files
    assert runs(deploy) == "0.1.0"
    assert deploy.text("rev-list", "--count", "main..deploy") == "3"
    resolved = resolve(deploy.workspace, parse_selector(f"{NAME}@production"))
    assert resolved.entry.templates[f"prompts/{NAME}.j2"] == "Hello {{ who }}"


def test_a_detached_head_does_not_matter_there(deploy: Site) -> None:
    deploy.run("switch", "--quiet", "--detach")
    deploy.promote(f"{NAME}@0.1.0")
    assert runs(deploy) == "0.1.0"


def test_without_a_commit_the_branch_has_to_be_checked_out(deploy: Site) -> None:
    with pytest.raises(RefusedError, match="isn't checked out"):
        plan_promotion(deploy.workspace, _request(deploy, "0.1.0", commit=False), deploy.now)
    deploy.run("switch", "--quiet", "deploy")
    deploy.apply(
        plan_promotion(deploy.workspace, _request(deploy, "0.1.0", commit=False), deploy.now)
    )
    assert (deploy.path / FILE).exists()


def test_a_branch_in_another_worktree_is_left_alone(deploy: Site) -> None:
    deploy.run("worktree", "add", "--quiet", str(deploy.path.parent / "linked"), "deploy")
    with pytest.raises(RefusedError, match="checked out in another worktree"):
        deploy.promote(f"{NAME}@0.1.0")


def test_a_missing_branch_says_how_to_get_it(deploy: Site) -> None:
    deploy.run("branch", "-D", "deploy")
    with pytest.raises(GitError, match="no branch `deploy`") as caught:
        deploy.promote(f"{NAME}@0.1.0")
    assert "git fetch origin deploy" in caught.value.hint
    assert "git branch deploy" in caught.value.hint


def test_the_remote_branch_is_read_and_not_written(deploy: Site) -> None:
    deploy.promote(f"{NAME}@0.1.0")
    path = deploy.path.parent / "clone"
    deploy.run("clone", "--quiet", deploy.path.as_uri(), str(path))
    there = replace(deploy, path=path)
    assert runs(there) == "0.1.0"
    with pytest.raises(RefusedError, match="exists only as") as caught:
        there.promote(f"{NAME}@0.2.0")
    there.run(*caught.value.hint.split("`")[1].split(" ")[1:])
    there.promote(f"{NAME}@0.2.0")
    assert runs(there) == "0.2.0"


def test_of_several_remotes_origin_counts(deploy: Site) -> None:
    deploy.promote(f"{NAME}@0.1.0")
    good = deploy.text("rev-parse", "deploy")
    deploy.promote(f"{NAME}@0.2.0")
    evil = deploy.text("rev-parse", "deploy")
    deploy.run("branch", "-D", "deploy")
    deploy.run("update-ref", "refs/remotes/evil/deploy", evil)
    deploy.run("update-ref", "refs/remotes/origin/deploy", good)
    assert runs(deploy) == "0.1.0"
    deploy.run("update-ref", "refs/remotes/fork/deploy", good)
    deploy.run("update-ref", "-d", "refs/remotes/origin/deploy")
    with pytest.raises(GitError, match="more than one remote"):
        runs(deploy)


# Restoring files


def test_a_rolled_back_prompt_equals_its_target(four: Site) -> None:
    target = resolve(four.workspace, parse_selector(f"{NAME}@0.1.0")).entry
    four.rollback(env="", to=Version(0, 1, 0))
    here = resolve(four.workspace, parse_selector(NAME)).entry
    assert here.digest() == target.digest()
    assert four.text("status", "--porcelain") == ""
    assert "Promptreg-Restores: support/triage@v0.1.0" in four.text("log", "-1", "--format=%B")
    assert parse_version(four.release()) > Version(1, 0, 0)


def test_restoring_brings_back_a_moved_manifest(four: Site) -> None:
    four.run("mv", f"prompts/{NAME}.j2", "prompts/support/other.j2")
    manifest = four.path / f"prompts/{NAME}.prompt.yaml"
    text = manifest.read_text().replace("template: triage.j2", "template: ../other.j2")
    four.run("rm", "--quiet", f"prompts/{NAME}.prompt.yaml")
    four.write(
        f"prompts/{NAME}/prompt.yaml", text.replace("../other.j2", "prompts/support/other.j2")
    )
    four.commit()
    plan = plan_rollback(four.workspace, RollbackRequest(NAME, to=Version(0, 1, 0)), four.now)
    (step,) = plan.steps
    assert isinstance(step, CommitFiles)
    four.apply(plan)
    assert not (four.path / f"prompts/{NAME}/prompt.yaml").exists()
    target = resolve(four.workspace, parse_selector(f"{NAME}@0.1.0")).entry
    assert resolve(four.workspace, parse_selector(NAME)).entry.digest() == target.digest()


def test_a_shared_partial_is_restored_and_told(site: Site) -> None:
    site.prompt("a", "{% include 'p.j2' %}{{ who }}")
    site.prompt("b", "{% include 'p.j2' %}{{ who }}")
    site.file("partials/p.j2", "one")
    site.commit()
    site.release("a")
    site.file("partials/p.j2", "two")
    site.commit()
    plan = plan_rollback(site.workspace, RollbackRequest("a", to=Version(0, 1, 0)), site.now)
    assert any("b" in note and "shared" in note for note in plan.notes)


def test_a_file_that_shadows_an_old_template_is_found_out(site: Site) -> None:
    site.prompt("a", "{% include 'p.j2' %}{{ who }}")
    site.file("partials/p.j2", "one")
    site.commit()
    site.release("a")
    site.file("prompts/p.j2", "shadow")
    site.commit()
    before = site.state()
    with pytest.raises(RefusedError, match="would not be what it was") as caught:
        site.rollback("a", env="", to=Version(0, 1, 0))
    assert "prompts/p.j2" in caught.value.where
    assert site.state() == before


def test_nothing_to_restore(four: Site) -> None:
    with pytest.raises(RefusedError, match="are as in"):
        four.rollback(env="", to=Version(1, 0, 0))


# Publishing


@pytest.fixture
def remote(four: Site) -> Site:
    """A clone's remote: `four` pushes to it."""
    path = four.path.parent / "remote"
    four.run("clone", "--quiet", "--bare", four.path.as_uri(), str(path))
    four.run("remote", "add", "origin", path.as_uri())
    return replace(four, path=path)


def test_the_push_command_is_shown_and_nothing_is_pushed(four: Site, remote: Site) -> None:
    before = remote.refs()
    outcome = four.promote(f"{NAME}@0.1.0")
    assert outcome.push == "git push --atomic origin refs/heads/main"
    assert not outcome.pushed
    assert remote.refs() == before


def test_a_push_that_was_asked_for(four: Site, remote: Site) -> None:
    plan = plan_promotion(four.workspace, _request(four, "0.1.0"), four.now)
    assert four.apply(plan, push=True).pushed
    assert remote.text("rev-parse", "main") == four.text("rev-parse", "main")
    four.changed("five {{ who }}")
    four.apply(four.plan_release(), push=True)
    assert f"refs/tags/{NAME}@v1.1.0" in remote.refs()


def test_a_release_that_the_remote_has_already_is_not_made(four: Site, remote: Site) -> None:
    four.changed("five {{ who }}")
    plan = four.plan_release()
    remote.run("tag", f"{NAME}@v1.1.0", "main")
    before = four.state(), remote.refs()
    with pytest.raises(RefusedError, match=r"1.1.0 of `support/triage` isn't known here") as caught:
        four.apply(plan, push=True)
    assert (four.state(), remote.refs()) == before
    assert "git fetch --tags origin" in caught.value.hint
    four.run("fetch", "--quiet", "--tags", "origin")
    with pytest.raises(RefusedError, match="can't be trusted"):
        four.plan_release()


def test_nothing_to_push_is_not_called_pushed(four: Site, remote: Site) -> None:
    outcome = four.apply(
        plan_promotion(four.workspace, _request(four, "0.1.0", commit=False), four.now), push=True
    )
    assert (outcome.applied, outcome.pushed, outcome.push) == (True, False, "")


def test_a_dry_run_shows_the_difference_on_the_branch_it_would_change(
    deploy: Site, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from promptreg.cli.app import run

    deploy.promote(f"{NAME}@0.1.0")
    before = deploy.state()
    monkeypatch.chdir(deploy.path)
    for name, value in deploy.environ.items():
        monkeypatch.setenv(name, value)
    assert run(["promote", f"{NAME}@0.2.0", "--env", "production", "--dry-run"]) == 0
    said = capfd.readouterr().out
    assert "-  support/triage: {version: 0.1.0" in said
    assert "+  support/triage: {version: 0.2.0" in said
    assert "+releases:" not in said
    assert deploy.state() == before


def test_without_a_remote_nothing_is_done(four: Site) -> None:
    before = four.state()
    plan = plan_promotion(four.workspace, _request(four, "0.1.0"), four.now)
    with pytest.raises(RefusedError, match="no remote to push to; nothing was changed"):
        four.apply(plan, push=True)
    assert four.state() == before
