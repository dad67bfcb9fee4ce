"""`verify` where nothing is wrong, and where the clone can't tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.releases.conftest import AGENT, REPLY, TRIAGE, fill

from promptreg.commands.verify import VerifyRequest, in_files, verify
from promptreg.errors import SelectorError, UsageError
from promptreg.model.finding import Severity
from promptreg.releases.tag import Release

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Site

    from promptreg.reporters.verify import Verification


def found(site: Site, *names: str, remote: str = "") -> Verification:
    return verify(site.workspace, VerifyRequest(names, remote))


def rules(verification: Verification) -> set[str]:
    return {one.rule for one in verification.report.findings}


def tags(releases: tuple[Release, ...]) -> set[str]:
    return {one.tag for one in releases}


def test_everything_that_promptreg_wrote_is_accepted(ledger: Site) -> None:
    result = found(ledger)
    assert result.report.findings == ()
    assert len(result.releases) == 12
    assert {one.kind for one in result.anchors} == {"environment", "history", "lock"}
    assert result.unremembered == ()


@pytest.mark.parametrize(
    "prepare",
    [
        lambda site: site.configure("environments_branch: deploy\n"),
        lambda site: site.configure("release_branch: main\n"),
    ],
    ids=["environments-branch", "release-branch"],
)
def test_a_configured_branch_is_accepted(site: Site, prepare: Callable[[Site], None]) -> None:
    prepare(site)
    site.commit()
    site.run("branch", "deploy")
    fill(site)
    assert found(site).report.findings == ()


def test_a_registry_in_a_folder_is_accepted(site: Site, tmp_path: Path) -> None:
    from dataclasses import replace

    inner = replace(site, folder="inner/")
    site.run("rm", "-rqf", "prompts", "promptreg.yaml")
    inner.configure()
    inner.prompt()
    inner.commit()
    fill(inner)
    result = found(inner)
    assert result.report.findings == ()
    assert {one.kind: one.releases for one in result.anchors}["history"] == 8


def test_a_sha256_repository_is_accepted(site: Site) -> None:
    import shutil

    shutil.rmtree(site.path / ".git")
    site.run("init", "--quiet", "--object-format=sha256")
    site.commit()
    fill(site)
    assert found(site).report.findings == ()


def test_a_clone_knows_the_same(ledger: Site, tmp_path: Path) -> None:
    from dataclasses import replace

    ledger.run("clone", "-q", str(ledger.path), str(tmp_path / "clone"))
    clone = replace(ledger, path=tmp_path / "clone")
    clone.run("checkout", "-q", "--detach")
    clone.run("branch", "-q", "-D", "main")
    assert found(clone, remote="origin").report.findings == ()


def test_what_is_suspended_is_remembered(ledger: Site) -> None:
    from promptreg.commands.freeze import plan_suspend
    from promptreg.releases.suspending import Suspending

    ledger.apply(plan_suspend(ledger.workspace, Suspending(AGENT, "staging", "It leaks")))
    result = found(ledger)
    assert result.report.findings == ()
    assert {(one.kind, one.name): one.releases for one in result.anchors}[
        "environment", "staging"
    ] == len(ledger.runs("staging")) + 1
    ledger.run(
        "tag", "-d", f"{AGENT}@v{ledger.text('tag', '-l', f'{AGENT}@v*').rpartition('v')[2]}"
    )
    assert "unknown-release" in rules(found(ledger, AGENT))


def test_names_narrow_what_is_judged(ledger: Site) -> None:
    ledger.run("tag", "-d", f"{TRIAGE}@v0.2.0")
    assert rules(found(ledger, REPLY)) == set()
    assert {one.name for one in found(ledger, REPLY).releases} == {REPLY}
    result = found(ledger, TRIAGE)
    assert rules(result) == {"deleted-release", "unknown-past-release"}


def test_a_name_that_nothing_knows_is_refused(ledger: Site) -> None:
    with pytest.raises(SelectorError) as raised:
        found(ledger, "support/triag")
    assert raised.value.hint.startswith("did you mean `support/triage`")


def test_without_releases_there_is_nothing_to_find(site: Site) -> None:
    result = found(site)
    assert result.report.findings == ()
    assert result.releases == ()


def test_a_shallow_clone_is_told(ledger: Site, tmp_path: Path) -> None:
    from dataclasses import replace

    ledger.run("clone", "-q", "--depth=1", f"file://{ledger.path}", str(tmp_path / "clone"))
    result = found(replace(ledger, path=tmp_path / "clone"))
    (finding,) = result.report.findings
    assert finding.rule == "shallow-history"
    assert "shallow" in finding.message
    assert "git fetch --unshallow --tags" in finding.fix


@pytest.mark.parametrize("options", [["--no-tags"], ["--filter=blob:none", "--no-tags"]])
def test_a_clone_without_tags_is_told(ledger: Site, tmp_path: Path, options: list[str]) -> None:
    from dataclasses import replace

    (ledger.path / "promptreg.lock").unlink()
    ledger.run("rm", "-rqf", "environments")
    ledger.commit()
    ledger.run("config", "uploadpack.allowFilter", "true")
    ledger.run("clone", "-q", *options, f"file://{ledger.path}", str(tmp_path / "clone"))
    result = found(replace(ledger, path=tmp_path / "clone"))
    assert "incomplete-clone" in rules(result)
    assert result.report.fails(Severity.ERROR)


def test_an_environments_branch_that_is_not_here_is_told(ledger: Site) -> None:
    ledger.configure("environments_branch: deploy\n")
    assert rules(found(ledger)) == {"incomplete-clone"}


def test_a_release_branch_that_is_not_here_is_told(ledger: Site) -> None:
    ledger.configure("release_branch: trunk\n")
    assert rules(found(ledger)) == {"incomplete-clone"}


def test_a_hot_fix_that_is_not_merged_names_its_branch(three: Site) -> None:
    three.configure("release_branch: main\n")
    three.commit()
    three.run("switch", "-qc", "fix")
    three.changed("fixed {{ who }}")
    three.run("switch", "-q", "main")
    three.release(TRIAGE, revision="fix")
    (finding,) = found(three).report.findings
    assert finding.rule == "unreachable-release"
    assert "`fix`" in finding.message
    three.run("merge", "-q", "fix")
    assert found(three).report.findings == ()


def test_what_nothing_remembers_is_listed(three: Site) -> None:
    assert tags(found(three).unremembered) == {f"{TRIAGE}@v1.0.0-rc.1"}
    three.promote(f"{TRIAGE}@1.0.0-rc.1", env="staging")
    assert found(three).unremembered == ()


def test_a_remote_that_differs_is_told(ledger: Site, tmp_path: Path) -> None:
    from dataclasses import replace

    ledger.run("clone", "-q", "--bare", str(ledger.path), str(tmp_path / "remote.git"))
    ledger.run("remote", "add", "origin", str(tmp_path / "remote.git"))
    assert rules(found(ledger, remote="origin")) == set()
    remote = replace(ledger, path=tmp_path / "remote.git")
    remote.run("update-ref", f"refs/tags/{TRIAGE}@v0.1.0", f"refs/tags/{TRIAGE}@v0.2.0")
    remote.run("update-ref", f"refs/tags/{TRIAGE}@v9.0.0", f"refs/tags/{TRIAGE}@v0.2.0")
    remote.run("update-ref", "-d", f"refs/tags/{REPLY}@v0.1.0")
    result = found(ledger, remote="origin")
    assert [(one.rule, one.entry, one.key) for one in result.report.findings] == [
        ("unpublished-release", REPLY, "0.1.0"),
        ("remote-differs", TRIAGE, "0.1.0"),
        ("remote-differs", TRIAGE, "9.0.0 missing"),
    ]
    assert rules(found(ledger)) == set()


def test_an_unknown_remote_is_refused(ledger: Site) -> None:
    with pytest.raises(UsageError):
        found(ledger, remote="--upload-pack=touch x")


def test_only_what_may_be_in_good_faith_can_be_lowered(ledger: Site) -> None:
    ledger.run("tag", "-d", f"{TRIAGE}@v0.2.0")
    lowered = "severity: {unknown-past-release: warning, deleted-release: warning}\n"
    ledger.configure(lowered)
    weights = {one.rule: one.severity for one in found(ledger).report.findings}
    assert weights == {
        "unknown-past-release": Severity.WARNING,
        "deleted-release": Severity.ERROR,
    }


def test_services_that_know_files_are_led_to_the_manifest(ledger: Site) -> None:
    ledger.run("tag", "-f", f"{TRIAGE}@v0.2.0", "HEAD")
    ledger.run("tag", "-f", "old-name@v0.1.0", "HEAD")
    ledger.run("tag", "-f", f"{AGENT}@v0.1.0", "HEAD")
    report = in_files(ledger.workspace, found(ledger).report)
    told = {(one.entry, one.at.path) for one in report.findings if one.rule.startswith("light")}
    assert told == {
        (TRIAGE, "prompts/support/triage.prompt.yaml"),
        ("old-name", "promptreg.yaml"),
        (AGENT, "agents/bot.agent.yaml"),
    }
    assert all("@v0." in one.message for one in report.findings)


def test_very_many_findings_are_counted(site: Site) -> None:
    digest = "sha256:" + "0" * 64
    lines = "".join(f'  p{n}: {{version: 1.0.0, digest: "{digest}"}}\n' for n in range(300))
    head = "apiVersion: promptreg/v1\nkind: Environment\nname: production\nreleases:\n"
    site.file("environments/production.yaml", head + lines)
    site.commit()
    report = found(site).report
    assert len(report.findings) == 100
    assert report.notes == (
        "200 more findings of `unknown-release` in environments/production.yaml are left out",
    )


def test_names_that_resemble_releases_are_told(three: Site) -> None:
    three.run("tag", "support/triage@v1.0")
    assert "`support/triage@v1.0`" in found(three).report.notes[0]
