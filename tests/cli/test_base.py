"""What `check` compares when nobody names a base."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from promptreg.cli.base import SOURCES, Span, chosen_span
from promptreg.errors import UsageError

if TYPE_CHECKING:
    from tests.conftest import Site

NEW_BRANCH = "0" * 40
PUSH = {"PRE_COMMIT_REMOTE_NAME": "origin"}
ORIGIN_MAIN = "compared with `origin/main`, the default branch of origin"


def span(site: Site, environ: Mapping[str, str] = {}, given: str = "") -> Span:
    return chosen_span(given, environ, site.workspace.git)


@pytest.fixture
def cloned(site: Site, tmp_path: Path) -> Site:
    """A site on a branch, one commit ahead of `origin/main`, which origin/HEAD leads to."""
    site.run("clone", "--quiet", "--bare", str(site.path), str(tmp_path / "origin.git"))
    site.run("remote", "add", "origin", str(tmp_path / "origin.git"))
    site.run("fetch", "--quiet", "origin")
    site.run("remote", "set-head", "origin", "--auto")
    site.run("switch", "--quiet", "-c", "topic")
    site.changed("Good day {{ who }}")
    return site


def test_what_is_given_wins(cloned: Site) -> None:
    everything = {name: "main" for name, _ in SOURCES}
    assert span(cloned, everything, "HEAD~1") == Span("HEAD~1")


@pytest.mark.parametrize(
    ("environ", "base"),
    [
        ({"PRE_COMMIT_FROM_REF": "1234abcd"}, "1234abcd"),
        ({"GITHUB_BASE_REF": "release/2"}, "origin/release/2"),
        ({"CI_MERGE_REQUEST_DIFF_BASE_SHA": "1234abcd"}, "1234abcd"),
        ({"PRE_COMMIT_FROM_REF": NEW_BRANCH, "GITHUB_BASE_REF": "main"}, "origin/main"),
        ({"PRE_COMMIT_FROM_REF": "12", "GITHUB_BASE_REF": "main"}, "12"),
        ({"GITHUB_BASE_REF": "main", "CI_MERGE_REQUEST_DIFF_BASE_SHA": "12"}, "origin/main"),
    ],
)
def test_a_hook_or_ci_says_it(site: Site, environ: dict[str, str], base: str) -> None:
    found = span(site, environ)
    named = next(name for name, _ in SOURCES if environ.get(name, NEW_BRANCH) != NEW_BRANCH)
    assert found == Span(base, note=f"compared with `{base}`, which {named} names")


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"PRE_COMMIT_FROM_REF": NEW_BRANCH, **PUSH},
        {"PRE_COMMIT_FROM_REF": "0" * 64, **PUSH},
        {"GITHUB_BASE_REF": ""},
        {"CI": "true"},
    ],
)
def test_else_the_default_branch_of_the_remote(cloned: Site, environ: dict[str, str]) -> None:
    assert span(cloned, environ) == Span("origin/main", note=ORIGIN_MAIN)


def test_the_remote_that_the_branch_is_pushed_to(cloned: Site) -> None:
    cloned.run("remote", "rename", "origin", "company")
    assert span(cloned).base == "company/main"
    cloned.run("remote", "add", "origin", "elsewhere")
    cloned.run("branch", "--quiet", "--set-upstream-to=company/main")
    assert span(cloned).base == "company/main"


def test_a_hook_asks_about_what_is_pushed(cloned: Site) -> None:
    pushed = {"PRE_COMMIT_TO_REF": "topic"}
    assert span(cloned, pushed).head == "topic"
    assert span(cloned, pushed, "main") == Span("main", "topic")


def test_nothing_says_it(site: Site) -> None:
    with pytest.raises(UsageError, match="it isn't clear what to compare with") as caught:
        span(site)
    assert "--base origin/main" in caught.value.hint


def test_a_default_branch_that_is_gone_is_none(cloned: Site) -> None:
    cloned.run("update-ref", "-d", "refs/remotes/origin/main")
    with pytest.raises(UsageError, match="it isn't clear"):
        span(cloned)


def test_the_first_push_of_all_is_judged_as_a_whole(site: Site) -> None:
    note = "origin has no branch yet: everything is judged"
    pushed = {**PUSH, "PRE_COMMIT_TO_REF": "main"}
    assert span(site, PUSH) == Span("HEAD", "HEAD", note, everything=True)
    assert span(site, pushed) == Span("main", "main", note, everything=True)


def test_a_push_to_a_remote_with_branches_is_no_first_push(cloned: Site) -> None:
    cloned.run("remote", "set-head", "origin", "--delete")
    with pytest.raises(UsageError, match="it isn't clear"):
        span(cloned, PUSH)


def test_ci_does_not_compare_a_commit_with_itself(cloned: Site) -> None:
    cloned.run("switch", "--quiet", "main")
    assert span(cloned).base == "origin/main"
    with pytest.raises(UsageError, match="`origin/main` is the commit that is to be judged"):
        span(cloned, {"CI": "true"})


def test_an_odd_branch_name_reaches_git_as_a_name(session: Any) -> None:
    session.run("git init -q && promptreg init && git add . && git commit -qm first")
    said = session.run("GITHUB_BASE_REF='x --output=pwned' promptreg check")
    assert said.code == 2
    assert "it has odd characters" in said.output
    assert not (session.repo / "pwned").exists()


def test_check_says_what_it_compared(session: Any) -> None:
    session.run("git init -q && promptreg init && git add . && git commit -qm first")
    session.run("git branch old && echo 'Be brief.' >> prompts/welcome.system.j2")
    session.run("git commit -qam second && git branch pushed && git checkout -q old")
    said = session.run("PRE_COMMIT_FROM_REF=old PRE_COMMIT_TO_REF=pushed promptreg check")
    assert said.code == 0
    assert "note: compared with `old`, which PRE_COMMIT_FROM_REF names\n" in said.output
    assert "welcome" in said.output, "what is pushed is judged, though another is checked out"
    assert "welcome" not in session.run("promptreg check --base pushed").output
