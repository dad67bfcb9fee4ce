"""`lock`: writing down what selectors mean, and finding out that it changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from promptreg.commands.lock import LockCheck, LockRequest, check_lock, plan_lock, write_lock
from promptreg.commands.schema import schema
from promptreg.errors import RefusedError, SelectorError, UsageError
from promptreg.model.finding import Severity
from promptreg.releases.lock_file import lock_text, read_lock
from promptreg.reporters.lock import lock_json

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Site

NAME = "support/triage"
LOCK = "promptreg.lock"


def lock(site: Site, *selectors: str, file: Path | None = None) -> dict[str, str]:
    """Write the lock; the versions by selector."""
    plan = plan_lock(site.workspace, LockRequest(selectors, file))
    write_lock(plan)
    return {one.selector: str(one.version) for one in plan.after}


def check(site: Site) -> LockCheck:
    return check_lock(site.workspace, LockRequest())


def told(site: Site) -> list[tuple[str, str]]:
    """Rule and selector (or ref) of every finding."""
    return [
        (one.rule, str(one.at.route[1]) if one.at.route else one.at.path)
        for one in check(site).report.findings
    ]


def text(site: Site) -> str:
    return (site.path / LOCK).read_text()


def test_selectors_are_resolved_and_kept_in_their_canonical_form(three: Site) -> None:
    three.promote(f"{NAME}@0.1.0")
    asked = (f"{NAME}@^0.1", f"prompts:/{NAME}@production", f"{NAME}@v0.2.0", f"{NAME}@latest")
    assert lock(three, *asked) == {
        f"{NAME}@0.2.0": "0.2.0",
        f"{NAME}@^0.1": "0.1.0",
        f"{NAME}@latest": "0.2.0",
        f"{NAME}@production": "0.1.0",
    }
    assert told(three) == []


def test_a_line_holds_all_that_a_tag_can_be_compared_with(three: Site) -> None:
    lock(three, f"{NAME}@0.2.0")
    tag = three.text("rev-parse", f"refs/tags/{NAME}@v0.2.0")
    commit = three.text("rev-parse", f"refs/tags/{NAME}@v0.2.0^{{}}")
    digest = three.text("cat-file", "tag", tag).partition("Promptreg-Digest: ")[2].split("\n")[0]
    assert text(three) == (
        "apiVersion: promptreg/v1\nkind: Lock\nselectors:\n"
        f'  "{NAME}@0.2.0": {{version: 0.2.0, digest: "{digest}", tag: "{tag}", '
        f'commit: "{commit}"}}\n'
    )


def test_what_is_written_is_read_again(three: Site) -> None:
    lock(three, f"{NAME}@>=0.1,<1", f"{NAME}@latest", f"{NAME}@~0.1.0")
    read = read_lock(LOCK, text(three).encode())
    assert read.findings == ()
    assert lock_text(read.locked) == text(three)


def test_selectors_are_added_and_others_stay(three: Site) -> None:
    lock(three, f"{NAME}@latest")
    three.release(version="2.0.0")
    assert lock(three, f"{NAME}@0.1.0") == {f"{NAME}@0.1.0": "0.1.0", f"{NAME}@latest": "0.2.0"}
    assert lock(three) == {f"{NAME}@0.1.0": "0.1.0", f"{NAME}@latest": "2.0.0"}


def test_nothing_changes_where_nothing_has(three: Site) -> None:
    lock(three, f"{NAME}@latest")
    assert not plan_lock(three.workspace, LockRequest()).changes


@pytest.mark.parametrize("selector", [NAME, f"{NAME}@git:HEAD", f"{NAME}@9.0.0", "nobody@latest"])
def test_what_names_no_release_is_not_locked(three: Site, selector: str) -> None:
    with pytest.raises(SelectorError):
        plan_lock(three.workspace, LockRequest((selector,)))


def test_without_selectors_there_must_be_a_lock(three: Site) -> None:
    with pytest.raises(UsageError, match=r"there is no `promptreg\.lock`"):
        plan_lock(three.workspace, LockRequest())
    with pytest.raises(UsageError, match=r"there is no `promptreg\.lock`"):
        check(three)


def test_a_lock_may_lie_elsewhere(three: Site, tmp_path: Path) -> None:
    file = tmp_path / "application.lock"
    lock(three, f"{NAME}@latest", file=file)
    assert not (three.path / LOCK).exists()
    found = check_lock(three.workspace, LockRequest((), file))
    assert found.path == str(file)
    assert found.report.findings == ()


def test_a_newer_release_is_a_warning(three: Site) -> None:
    lock(three, f"{NAME}@latest", f"{NAME}@0.1.0")
    three.release(version="2.0.0")
    report = check(three).report
    (finding,) = report.findings
    assert (finding.rule, finding.severity) == ("outdated-lock", Severity.WARNING)
    assert "0.2.0 and means 2.0.0" in finding.message
    assert not report.fails(Severity.ERROR)
    assert report.fails(Severity.WARNING)


def test_an_environment_that_moved_is_a_warning(three: Site) -> None:
    three.promote(f"{NAME}@0.1.0")
    lock(three, f"{NAME}@production")
    three.promote(f"{NAME}@0.2.0")
    assert told(three) == [("outdated-lock", f"{NAME}@production")]
    three.run("rm", "-q", "environments/production.yaml")
    three.commit()
    assert told(three) == [("outdated-lock", f"{NAME}@production")]


def test_a_release_that_is_gone_is_an_error(three: Site) -> None:
    lock(three, f"{NAME}@0.2.0")
    three.run("tag", "-d", f"{NAME}@v0.2.0")
    assert ("unknown-release", f"{NAME}@0.2.0") in told(three)


def retag(site: Site, old: str, new: str) -> None:
    content = site.run("cat-file", "tag", f"refs/tags/{NAME}@v0.2.0").decode()
    assert old in content
    oid = site.run("mktag", stdin=content.replace(old, new).encode()).decode().strip()
    site.run("update-ref", f"refs/tags/{NAME}@v0.2.0", oid)


def test_a_tag_that_was_made_anew_is_an_error_and_is_not_taken_over(three: Site) -> None:
    lock(three, f"{NAME}@0.2.0")
    before = text(three)
    retag(three, "Ann", "Bob")
    assert told(three) == [("replaced-release", f"{NAME}@0.2.0")]
    with pytest.raises(RefusedError, match=r"isn't the release that `promptreg\.lock`"):
        plan_lock(three.workspace, LockRequest())
    with pytest.raises(RefusedError):
        plan_lock(three.workspace, LockRequest((f"{NAME}@>=0.2,<1",)))
    assert text(three) == before


def test_files_that_are_not_what_the_tag_promises_are_an_error(three: Site) -> None:
    lock(three, f"{NAME}@0.2.0")
    commits = [three.text("rev-parse", f"{NAME}@v{one}^{{}}") for one in ("0.2.0", "0.1.0")]
    retag(three, *commits)
    rules = {rule for rule, _ in told(three)}
    assert rules == {"replaced-release", "digest-mismatch"}
    with pytest.raises(RefusedError):
        plan_lock(three.workspace, LockRequest((f"{NAME}@0.2.0",)))


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("version: 0.2.0", "version: 0.1.0", "wrong-lock"),
        ("kind: Lock", "kind: Locks", "unknown-kind"),
        ('commit: "', 'commit: "0', "schema-violation"),
        (f'"{NAME}@0.2.0"', '"Nobody@0.2.0"', "schema-violation"),
        (f'"{NAME}@0.2.0"', f'"{NAME}@0.2"', "wrong-lock"),
    ],
)
def test_a_lock_edited_by_hand_is_found(three: Site, old: str, new: str, rule: str) -> None:
    lock(three, f"{NAME}@0.2.0")
    edited = text(three).replace(old, new)
    assert edited != text(three)
    (three.path / LOCK).write_text(edited)
    found = check(three).report
    assert rule in {one.rule for one in found.findings}
    assert found.fails(Severity.ERROR)


def test_a_broken_lock_is_not_written_over(three: Site) -> None:
    lock(three, f"{NAME}@0.2.0")
    (three.path / LOCK).write_text(text(three).replace("kind: Lock", "kind: Prompt"))
    with pytest.raises(RefusedError, match="can't be read"):
        plan_lock(three.workspace, LockRequest((f"{NAME}@latest",)))


def test_a_link_is_not_followed(three: Site, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (three.path / LOCK).symlink_to(tmp_path / "secret")
    with pytest.raises(RefusedError):
        check(three)


def test_the_json_fits_its_schema(three: Site) -> None:
    validator = Draft202012Validator(json.loads(schema("output/lock")))
    plan = plan_lock(three.workspace, LockRequest((f"{NAME}@latest",)))
    validator.validate(lock_json(plan.path, plan.before, plan.after, written=False))
    write_lock(plan)
    retag(three, "Ann", "Bob")
    found = check(three)
    parts = (found.path, found.locked, found.locked)
    said = lock_json(*parts, written=False, report=found.report)
    validator.validate(said)
    assert said["ok"] is False
