"""Lost races: harmless ones are planned anew, others refused by who was faster."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.conftest import TODAY

from promptreg.commands.promote import (
    PromoteRequest,
    RollbackRequest,
    plan_promotion,
    plan_rollback,
)
from promptreg.commands.release import ReleaseRequest, plan_release
from promptreg.commands.verify import VerifyRequest, verify
from promptreg.errors import GitError, RefusedError
from promptreg.model.version import Bump, Version
from promptreg.releases.apply import Asked, Writers, carry_through
from promptreg.releases.plan import Outcome, Plan
from promptreg.releases.releasing import Wanted
from promptreg.releases.unfinished import NOTE

if TYPE_CHECKING:
    from tests.conftest import Site

A, B = "support/triage", "support/reply"


@pytest.fixture
def shared(pair: Site) -> tuple[Site, Site, Site]:
    """Two clones and their remote."""
    path = pair.path.parent / "remote.git"
    pair.run("clone", "--quiet", "--bare", pair.path.as_uri(), str(path))
    pair.run("remote", "add", "origin", path.as_uri())
    pair.run("fetch", "--quiet", "origin")
    other = pair.path.parent / "other"
    pair.run("clone", "--quiet", path.as_uri(), str(other))
    return pair, replace(pair, path=other, clock=[pair.clock[0] + 1000]), replace(pair, path=path)


def promotion(site: Site, *selectors: str, env: str = "production") -> Callable[[], Plan]:
    request = PromoteRequest(selectors, env)
    return lambda: plan_promotion(site.workspace, request, site.now)


def meanwhile(plan: Callable[[], Plan], act: Callable[[], object]) -> Callable[[], Plan]:
    """A planner behind whose back, the first time, somebody acts."""
    left = [act]

    def planned() -> Plan:
        made = plan()
        while left:
            left.pop()()
        return made

    return planned


def carry(site: Site, plan: Callable[[], Plan], *, push: bool = False) -> Outcome:
    who = site.signature()
    return carry_through(site.workspace, Asked(plan, "", push), Writers(who, who))


def clean(site: Site) -> bool:
    return (
        site.text("status", "--porcelain") == ""
        and not verify(site.workspace, VerifyRequest()).report.findings
    )


def test_another_entry_that_moved_does_no_harm(pair: Site) -> None:
    carry(pair, meanwhile(promotion(pair, f"{A}@0.2.0"), lambda: pair.promote(f"{B}@0.2.0")))
    assert pair.runs() == {A: "0.2.0", B: "0.2.0"}
    assert pair.text("rev-list", "--count", "HEAD~2..") == "2"
    assert clean(pair)


def test_other_files_that_were_committed_do_no_harm(pair: Site) -> None:
    before = pair.text("rev-parse", "HEAD")
    carry(pair, meanwhile(promotion(pair, f"{A}@0.2.0"), lambda: pair.changed("three")))
    assert pair.runs()[A] == "0.2.0"
    assert pair.text("rev-parse", "HEAD~2") == before


@pytest.mark.parametrize("theirs", ["0.2.0", "0.3.0"])
def test_the_same_entry_that_moved_is_refused_by_name(pair: Site, theirs: str) -> None:
    pair.changed("three {{ who }}", A)
    pair.release(A)
    wanted = promotion(pair, f"{A}@0.2.0")
    with pytest.raises(RefusedError) as caught:
        carry(pair, meanwhile(wanted, lambda: pair.promote(f"{A}@{theirs}")))
    assert f"`{A}` was moved to {theirs} in `production` by Ann Example" in caught.value.what
    assert "nothing was changed" in caught.value.what
    assert pair.runs()[A] == theirs
    assert clean(pair)
    # A note that stayed would let the next of these requests pass for done.
    assert not (pair.path / ".git" / NOTE).exists()


def test_there_and_back_is_as_if_nothing_had_been(pair: Site) -> None:
    def act() -> None:
        pair.promote(f"{A}@0.2.0")
        pair.rollback(A)

    carry(pair, meanwhile(promotion(pair, f"{A}@0.2.0"), act))
    assert pair.runs()[A] == "0.2.0"


def test_a_frozen_environment_wins_the_race(pair: Site) -> None:
    file = "environments/production.yaml"

    def freeze() -> None:
        pair.file(file, (pair.path / file).read_text() + "frozen: {reason: Holidays}\n")
        pair.commit("Freeze")

    with pytest.raises(RefusedError) as caught:
        carry(pair, meanwhile(promotion(pair, f"{A}@0.2.0"), freeze))
    assert "frozen" in caught.value.where + caught.value.hint
    assert pair.runs()[A] == "0.1.0"


def test_restored_files_that_another_changed_are_not_overwritten(pair: Site) -> None:
    request = RollbackRequest(A, "", Version(0, 1, 0))
    plan = meanwhile(
        lambda: plan_rollback(pair.workspace, request, pair.now), lambda: pair.changed("new", A)
    )
    with pytest.raises(RefusedError, match=r"same file was changed by Ann Example"):
        carry(pair, plan)
    assert (pair.path / f"prompts/{A}.j2").read_text() == "new"


def releasing(site: Site, name: str, bump: Bump | None = None) -> Callable[[], Plan]:
    request = ReleaseRequest((name,), wanted=Wanted(bump=bump))
    return lambda: plan_release(site.workspace, request, TODAY)


def test_another_entry_that_was_released_does_no_harm(pair: Site) -> None:
    pair.prompt(A, "three {{ who }}")
    pair.changed("three {{ who }}", B)
    carry(pair, meanwhile(releasing(pair, A), lambda: pair.release(B)))
    assert {f"refs/tags/{A}@v0.3.0", f"refs/tags/{B}@v0.3.0"} <= set(pair.refs().split())
    assert clean(pair)


@pytest.mark.parametrize("bump", [None, Bump.MAJOR])
def test_the_same_entry_that_was_released_is_refused(pair: Site, bump: Bump | None) -> None:
    """With another version both tags could be made; the chain of releases would fork."""
    pair.changed("three {{ who }}", A)
    with pytest.raises(RefusedError) as caught:
        carry(pair, meanwhile(releasing(pair, A, bump), lambda: pair.release(A)))
    assert f"`{A}` 0.3.0 was released by Ann Example meanwhile" in caught.value.what
    assert clean(pair)


# Several clones


def test_a_refused_push_takes_back_what_was_made(shared: tuple[Site, Site, Site]) -> None:
    here, _, remote = shared
    remote.write("hooks/pre-receive", "#!/bin/sh\nexit 1\n")
    (remote.path / "hooks/pre-receive").chmod(0o755)
    here.changed("three {{ who }}", A)
    here.file("other.txt", "staged")
    here.run("add", "other.txt")
    before, theirs = here.state(), remote.refs()
    plans = (promotion(here, f"{A}@0.2.0"), releasing(here, A))
    for plan in plans:
        with pytest.raises(RefusedError, match="was taken back"):
            carry(here, plan, push=True)
        assert (here.state(), remote.refs()) == (before, theirs)
    (remote.path / "hooks/pre-receive").unlink()
    here.run("commit", "-qm", "other")
    here.run("push", "-q", "origin", "main")
    for plan in plans:
        assert carry(here, plan, push=True).pushed
    assert clean(here)


def test_a_promotion_is_pushed_with_the_release_that_it_names(
    shared: tuple[Site, Site, Site],
) -> None:
    """Else every other clone would have an environment that names a release without a tag."""
    here, there, remote = shared
    for text in ("three {{ who }}", "four {{ who }}"):
        here.changed(text, A)
        here.release(A)
    carry(here, promotion(here, f"{A}@0.4.0"), push=True)
    assert f"refs/tags/{A}@v0.4.0" in remote.refs()
    there.run("pull", "-q", "--ff-only")
    assert clean(there)


def test_a_release_is_pushed_with_those_below_it(shared: tuple[Site, Site, Site]) -> None:
    """Else the chain would be broken everywhere but here."""
    here, there, _ = shared
    here.changed("three {{ who }}", A)
    here.release(A)
    here.changed("four {{ who }}", A)
    here.run("push", "-q", "origin", "main")
    carry(here, releasing(here, A), push=True)
    there.run("pull", "-q", "--ff-only", "--tags")
    assert clean(there)


def test_a_release_is_pushed_with_the_branch_that_holds_its_commit(
    shared: tuple[Site, Site, Site],
) -> None:
    """Else the next rebase of the branch would leave the tag on a commit of no branch."""
    here, there, remote = shared
    here.changed("three {{ who }}", A)
    carry(here, releasing(here, A), push=True)
    assert remote.text("rev-parse", "main") == here.text("rev-parse", "main")
    there.run("pull", "-q", "--ff-only", "--tags")
    assert clean(there)
    here.changed("four {{ who }}", A)
    both = f"refs/tags/{A}@v0.4.0 refs/heads/main"
    assert carry(here, releasing(here, A)).push == f"git push --atomic origin {both}"
    here.run("push", "-q", "origin", "main")
    here.changed("another {{ who }}", B)
    here.run("push", "-q", "origin", "main")
    assert carry(here, releasing(here, B)).push.endswith(f"origin refs/tags/{B}@v0.3.0")


def test_a_release_of_a_branch_that_the_remote_refuses_is_taken_back(
    shared: tuple[Site, Site, Site],
) -> None:
    here, there, remote = shared
    there.changed("theirs {{ who }}", B)
    there.run("push", "-q", "origin", "main")
    here.changed("three {{ who }}", A)
    own = ("for-each-ref", "refs/heads", "refs/tags")
    before, theirs = here.text(*own), remote.refs()
    with pytest.raises(RefusedError, match="was taken back"):
        carry(here, releasing(here, A), push=True)
    assert (here.text(*own), remote.refs()) == (before, theirs)


def test_a_promotion_elsewhere_is_taken_over(shared: tuple[Site, Site, Site]) -> None:
    here, there, remote = shared
    carry(there, promotion(there, f"{B}@0.2.0"), push=True)
    carry(here, promotion(here, f"{A}@0.2.0"), push=True)
    assert here.runs() == {A: "0.2.0", B: "0.2.0"}
    assert remote.text("rev-parse", "main") == here.text("rev-parse", "main")
    assert clean(here)


def test_the_same_entry_elsewhere_is_refused_by_name(shared: tuple[Site, Site, Site]) -> None:
    here, there, _ = shared
    carry(there, promotion(there, f"{A}@0.2.0"), push=True)
    here.changed("three {{ who }}", A)
    here.release(A)
    here.run("reset", "-q", "--hard", "HEAD~1")
    with pytest.raises(RefusedError, match=r"was moved to 0.2.0 in `production` by Ann Example"):
        carry(here, promotion(here, f"{A}@0.3.0"), push=True)
    # What the other clone did was taken over; what was made here was not kept.
    assert here.runs()[A] == "0.2.0"
    assert here.text("status", "--porcelain") == ""


def test_other_work_elsewhere_is_not_pulled_in(shared: tuple[Site, Site, Site]) -> None:
    here, there, _ = shared
    there.changed("three {{ who }}", B)
    there.run("push", "-q", "origin", "main")
    before = here.state()[1:]
    with pytest.raises(RefusedError, match="was taken back") as caught:
        carry(here, promotion(here, f"{A}@0.2.0"), push=True)
    assert "git pull --rebase" in caught.value.hint
    assert here.state()[1:] == before


def test_files_that_a_person_edits_are_not_overwritten(shared: tuple[Site, Site, Site]) -> None:
    here, there, _ = shared
    carry(there, promotion(there, f"{B}@0.2.0", env="staging"), push=True)
    here.file("environments/staging.yaml", "mine")
    with pytest.raises(RefusedError, match="was taken back"):
        carry(here, promotion(here, f"{A}@0.2.0"), push=True)
    assert (here.path / "environments/staging.yaml").read_text() == "mine"
    assert here.runs()[A] == "0.1.0"


@pytest.mark.parametrize("bump", [None, Bump.MAJOR])
def test_a_release_elsewhere_is_found_before_anything_is_made(
    shared: tuple[Site, Site, Site], bump: Bump | None
) -> None:
    here, there, _ = shared
    for site in (here, there):
        site.changed("three {{ who }}", A)
    carry(there, releasing(there, A), push=True)
    before = here.state()
    with pytest.raises(RefusedError, match=r"0.3.0 of `support/triage` isn't known here"):
        carry(here, releasing(here, A, bump), push=True)
    assert here.state() == before


def test_a_remote_that_does_not_answer_leaves_the_command_that_pushes(
    shared: tuple[Site, Site, Site],
) -> None:
    here, _, remote = shared
    remote.path.rename(remote.path.with_name("gone.git"))
    with pytest.raises(GitError, match="may exist in this repository only") as caught:
        carry(here, promotion(here, f"{A}@0.2.0"), push=True)
    assert "git push --atomic origin refs/heads/main" in caught.value.hint
    assert here.runs()[A] == "0.2.0"
    here.changed("three {{ who }}", A)
    before = here.refs()
    with pytest.raises(GitError):
        carry(here, releasing(here, A), push=True)
    assert here.refs() == before
