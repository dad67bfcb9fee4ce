"""What an audit tells of a registry in which everything happened."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Site
from tests.ops.conftest import NAME, RULES, approve, edit, signer

from promptreg.commands.audit import AuditRequest, audit
from promptreg.errors import GitError, RefusedError, SelectorError, UsageError
from promptreg.model.audit import KINDS, Event


def told(site: Site, **asked: Any) -> tuple[Event, ...]:
    return audit(site.workspace, AuditRequest(**asked)).events


def only(site: Site, kind: str, **wanted: object) -> Event:
    found = [
        one
        for one in told(site)
        if one.kind == kind and all(getattr(one, key) == value for key, value in wanted.items())
    ]
    assert len(found) == 1, found
    return found[0]


def test_every_kind_of_event_is_told_in_the_order_of_ancestry(busy: Site) -> None:
    events = told(busy)
    assert {one.kind for one in events} == set(KINDS)
    order = busy.text("rev-list", "--first-parent", "--reverse", "HEAD").split("\n")
    places = [order.index(one.commit) for one in events]
    assert places == sorted(places)
    assert [
        (one.kind, one.before, one.after) for one in events if one.environment == "staging"
    ] == [
        ("promotion", "", "0.1.0"),
        ("promotion", "0.1.0", "0.2.0"),
        ("rollback", "0.2.0", "0.1.0"),
        ("freeze", "", "Fair"),
        ("unfreeze", "Fair", ""),
        ("suspension", "0.1.0", "suspended 0.1.0"),
        ("promotion", "suspended 0.1.0", "0.1.0"),
        ("removal", "0.1.0", ""),
    ]


def test_what_was_done_by_hand_is_told_apart(busy: Site) -> None:
    by_hand = {one.reason for one in told(busy) if one.by_hand}
    assert by_hand == {"Back by hand", "Take it out", "Forget who approved"}


def test_trailers_of_another_change_make_no_command_of_an_edit(site: Site) -> None:
    site.release()
    site.promote(f"{NAME}@0.1.0", env="staging")
    edit(site, "environments/staging.yaml", "0.1.0", "0.9.0", "Move\n\n"
         f"Promptreg-Environment: staging\nPromptreg-Move: {NAME} 0.1.0 -> 0.1.1")  # fmt: skip
    event = only(site, "promotion", after="0.9.0")
    assert event.by_hand
    assert event.problem == "there is no tag of this release"


def test_a_promotion_says_who_why_and_what_was_approved(busy: Site, keys: dict[str, Path]) -> None:
    event = only(busy, "promotion", environment="production")
    assert (event.author.name, event.author.email) == ("Ann Example", "ann@example.com")
    assert event.committed.endswith("+01:00")
    assert event.made_in == event.commit
    assert event.merged_by is None
    assert event.signature.state == "none"
    assert event.digest == only(busy, "release", after="0.1.0").digest
    (approved,) = event.approvals
    assert (approved.email, approved.team, approved.note) == (
        "gwen@example.com", "governance", "fine",
    )  # fmt: skip
    assert approved.proof.state == "verified"
    words = ["ssh-keygen", "-lf", f"{keys['gwen']}.pub"]
    printed = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    assert approved.proof.key in printed
    assert only(busy, "promotion", environment="staging", before="").reason == "try it"


def test_approvals_count_by_the_rules_of_the_time(busy: Site) -> None:
    given = only(busy, "approval")
    gone = only(busy, "withdrawal")
    assert given.approval is not None
    assert gone.approval is not None
    assert given.approval.proof.state == "verified"
    # By now the file lets eve sign with that key, and not gwen.
    assert gone.approval.proof.state == "wrong"
    assert (gone.before, gone.after) == ("0.1.0 as governance", "")


def test_an_author_and_a_stranger_approve_nothing(site: Site) -> None:
    site.file("promptreg.yaml", RULES.replace("gil@", "ann@"))
    site.commit("gates")
    site.release()
    approve(site, "ann@example.com", f"{NAME}@0.1.0")
    approve(site, "gwen@example.com", f"{NAME}@0.1.0")
    edit(site, "promptreg.yaml", "gwen@example.com, ", "", "Gwen left")
    site.promote(f"{NAME}@0.1.0", env="staging")
    assert only(site, "promotion").approvals == ()


def test_the_policy_is_the_one_in_force(busy: Site) -> None:
    events = told(busy)
    loosened = only(
        busy, "configuration", key="environments.production", reason="Nobody needs to look"
    )
    assert loosened.before == '{"approvals":{"low":{"count":1}}}'
    assert loosened.after == '{"approvals":{"low":{"count":0}}}'
    at = events.index(loosened)
    assert events[at - 1].policy == loosened.policy
    assert events[at + 1].policy != loosened.policy
    comment = {one.policy for one in events}
    edit(busy, "promptreg.yaml", "kind: Registry", "kind: Registry  # a comment", "Comment")
    assert {one.policy for one in told(busy)} == comment
    assert told(busy) == events


def test_only_what_a_new_file_is_about_is_told_of_it(site: Site) -> None:
    first = told(site)
    assert [(one.kind, one.after) for one in first] == [
        ("lifecycle", "active, owner team, low risk"),
        ("configuration", '"example"'),
    ]
    site.run("mv", f"prompts/{NAME}.prompt.yaml", "prompts/support/other.prompt.yaml")
    site.commit("A rename of the file alone")
    assert told(site) == first


def test_a_merge_names_who_wrote_and_who_merged(site: Site) -> None:
    site.release()
    site.run("switch", "-qc", "ask")
    site.promote(f"{NAME}@0.1.0", env="staging", reason="asked for")
    made = site.text("rev-parse", "HEAD")
    edit(site, "promptreg.yaml", "name: example", "name: changed", "Rename it")
    site.run("switch", "-q", "main")
    site.run("-c", "user.name=Mia", "-c", "user.email=mia@example.com", "merge", "-q", "--no-ff",
             "-m", "Merge it", "ask")  # fmt: skip
    event = only(site, "promotion")
    assert event.commit == site.text("rev-parse", "HEAD")
    assert event.made_in == made
    assert event.reason == "asked for"
    assert not event.by_hand
    assert event.merged_by is not None
    assert event.merged_by.email == "mia@example.com"
    assert only(site, "configuration", key="name").reason == "Rename it"


def test_what_a_merge_itself_brings_is_of_the_merge(site: Site) -> None:
    site.release()
    site.run("switch", "-qc", "ask")
    site.promote(f"{NAME}@0.1.0", env="staging", reason="asked for")
    site.run("switch", "-q", "main")
    site.run("merge", "-q", "--no-ff", "--no-commit", "ask")
    (site.path / "environments/production.yaml").write_text(
        (site.path / "environments/staging.yaml").read_text().replace("staging", "production")
    )
    site.commit("Merge more than that")
    event = only(site, "promotion", environment="production")
    assert event.made_in == event.commit
    assert event.by_hand


def test_environments_on_a_branch_of_their_own_come_after_the_releases_they_name(
    site: Site,
) -> None:
    site.configure("environments_branch: deploy\n")
    site.commit("split")
    site.run("branch", "deploy")
    site.release()
    site.promote(f"{NAME}@0.1.0", env="staging")
    site.changed("two {{ who }}")
    site.release()
    site.promote(f"{NAME}@0.2.0", env="staging")
    order = [(one.kind, one.after) for one in told(site) if one.kind in {"release", "promotion"}]
    assert order == [
        ("release", "0.1.0"), ("promotion", "0.1.0"), ("release", "0.2.0"), ("promotion", "0.2.0"),
    ]  # fmt: skip


def test_a_release_beside_the_branch_is_told_last(site: Site) -> None:
    site.release()
    site.run("switch", "-qc", "fix")
    site.changed("fix {{ who }}")
    site.release()
    site.run("switch", "-q", "main")
    site.changed("two {{ who }}")
    site.promote(f"{NAME}@0.1.0", env="staging")
    assert [one.after for one in told(site)][-1] == "0.2.0"


def test_signed_commits_and_tags_are_judged_by_the_signers_of_the_time(
    site: Site, keys: dict[str, Path]
) -> None:
    site.file("promptreg.yaml", RULES)
    site.file("allowed_signers", signer(keys["ann"], "ann@example.com"))
    signing = ("-c", "gpg.format=ssh", "-c", "commit.gpgsign=true")
    site.run("add", "-A")
    site.run(*signing, "-c", f"user.signingkey={keys['ann']}", "commit", "-qm", "First")
    for name in ("ann", "gwen"):
        site.prompt(f"by/{name}")
        site.run("add", "-A")
        site.run(*signing, "-c", f"user.signingkey={keys[name]}", "commit", "-qm", name)
    states = {one.reason: one.signature.state for one in told(site)}
    # Whose keys count is what stood there before, so no commit can let itself in.
    assert states == {
        "start": "none", "First": "unverified", "ann": "verified", "gwen": "wrong",
    }  # fmt: skip
    site.release()
    tag = site.text("cat-file", "tag", f"{NAME}@v0.1.0") + "\n"
    (site.path / "../tag").write_text(tag)
    words = ["ssh-keygen", "-qY", "sign", "-n", "git", "-f", str(keys["ann"])]
    subprocess.run([*words, f"{site.path}/../tag"], check=True, capture_output=True)
    signed = tag + (site.path / "../tag.sig").read_text()
    oid = site.run("mktag", stdin=signed.encode()).decode().strip()
    site.run("update-ref", f"refs/tags/{NAME}@v0.1.0", oid)
    assert only(site, "release").signature.state == "verified"


def test_filters_leave_out_and_never_change(busy: Site) -> None:
    events = told(busy)
    for asked, keeps in (
        ({"names": (NAME,)}, lambda one: one.name == NAME),
        ({"environment": "staging"}, lambda one: one.environment == "staging"),
        ({"kinds": ("freeze", "release")}, lambda one: one.kind in {"freeze", "release"}),
    ):
        assert told(busy, **asked) == tuple(one for one in events if keeps(one))
    middle = events[len(events) // 2].commit
    old, new = told(busy, until=middle), told(busy, since=middle)
    assert (*old, *new) == events
    assert old
    assert new
    with pytest.raises(SelectorError, match="no event names"):
        told(busy, names=("support/triag",))
    with pytest.raises(SelectorError, match="no environment"):
        told(busy, environment="stagin")
    with pytest.raises(UsageError, match="no kind"):
        told(busy, kinds=("promote",))


def test_a_shallow_clone_is_refused(busy: Site, tmp_path: Path) -> None:
    clone = tmp_path / "shallow"
    busy.run("clone", "-q", "--depth", "2", f"file://{busy.path}", str(clone))
    shallow = Site(clone, busy.environ)
    with pytest.raises(RefusedError, match="shallow"):
        told(shallow)


def test_a_partial_clone_that_lacks_a_version_is_refused(busy: Site, tmp_path: Path) -> None:
    busy.run("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "partial"
    words = ("clone", "-q", "--filter=blob:none", f"file://{busy.path}", str(clone))
    busy.run(*words)
    with pytest.raises(GitError, match="object"):
        told(Site(clone, busy.environ))


def test_the_dates_of_commits_decide_nothing(site: Site) -> None:
    site.release()
    site.clock[0] -= 1_000_000
    site.promote(f"{NAME}@0.1.0", env="staging")
    assert [one.kind for one in told(site)][-2:] == ["release", "promotion"]


def test_the_number_of_git_processes_does_not_grow(
    busy: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Any] = []
    real = subprocess.Popen

    def count(command: list[Any], **more: Any) -> Any:
        started.append(command[0])
        return real(command, **more)

    def needed() -> int:
        with monkeypatch.context() as patched:
            patched.setattr(subprocess, "Popen", count)
            started.clear()
            told(busy)
        return started.count(b"git")

    before = needed()
    for number in range(5):
        edit(busy, "promptreg.yaml", "name: example", f"name: example{number}", "again")
        edit(busy, "promptreg.yaml", f"name: example{number}", "name: example", "and back")
    assert needed() == before > 0


def test_a_file_of_the_same_name_hides_no_other(site: Site) -> None:
    """It can only come in past `validate`, which is when an audit is asked for."""
    site.file("prompts/support/triage.prompt.yaml", _owned("team"))
    site.commit("Start")
    site.file("prompts/support/triage.prompt.yaml", _owned("other"))
    site.file("prompts/zz/a.prompt.yaml", _owned("team"))
    site.commit("Hide")
    (change,) = (one for one in told(site) if one.kind == "owner")
    assert (change.path, change.before, change.after) == (
        "prompts/support/triage.prompt.yaml",
        "team",
        "other",
    )


def test_a_second_file_of_an_environment_hides_no_move(site: Site) -> None:
    head = "apiVersion: promptreg/v1\nkind: Environment\nname: staging\nreleases:\n"
    digest = "sha256:" + "0" * 64
    lines = {
        version: f'{head}  support/triage: {{version: {version}, digest: "{digest}"}}\n'
        for version in ("0.1.0", "0.2.0")
    }
    site.file("environments/staging.yaml", lines["0.2.0"])
    site.commit("Start")
    site.file("environments/staging.yaml", lines["0.1.0"])
    site.file("environments/staging.yml", lines["0.2.0"])
    site.commit("Hide")
    (back,) = (one for one in told(site) if one.kind == "rollback")
    assert (back.path, back.before, back.after) == ("environments/staging.yaml", "0.2.0", "0.1.0")


def test_a_manifest_that_moves_is_one_change(site: Site) -> None:
    site.file("prompts/support/triage.prompt.yaml", _owned("team"))
    site.commit("Start")
    (site.path / "prompts/support/triage.prompt.yaml").unlink()
    site.file("prompts/support/triage/prompt.yaml", _owned("other"))
    site.commit("Move")
    assert [one.kind for one in told(site) if one.path.startswith("prompts/")] == [
        "lifecycle",
        "owner",
    ]


def _owned(owner: str) -> str:
    return (
        "apiVersion: promptreg/v1\nkind: Prompt\nname: support/triage\nlifecycle: active\n"
        f"owner: {owner}\nrisk: low\nmodel: {{name: m}}\nmessages: [{{role: user, content: hi}}]\n"
    )
