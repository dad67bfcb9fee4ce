"""`status`, now and at a moment, however the clocks went."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from promptreg.commands.status import status
from promptreg.errors import RefusedError, SelectorError
from promptreg.releases.running import Running, Status

if TYPE_CHECKING:
    from tests.conftest import Site

NAME = "support/triage"
FILE = "environments/production.yaml"
DAY = datetime(2026, 1, 1, tzinfo=UTC)


def running(found: Status, env: str = "production") -> dict[str, Running]:
    (stage,) = [one for one in found.environments if one.name == env]
    return {one.name: one for one in stage.running}


def at(site: Site, moment: datetime) -> str:
    found = running(status(site.workspace, at=moment))
    return str(found[NAME].version) if found else ""


def promote_on(site: Site, version: str, day: int) -> None:
    """Promote with a clock that stands at a day of January 2026."""
    site.clock[0] = int((DAY + timedelta(days=day)).timestamp()) - 1
    site.promote(f"{NAME}@{version}", reason=f"day {day}")


def test_nothing_runs_yet(site: Site) -> None:
    found = status(site.workspace)
    assert [(one.name, one.after, one.running) for one in found.environments] == [
        ("staging", "", ()),
        ("production", "staging", ()),
    ]
    assert (found.branch, found.commit) == ("main", site.text("rev-parse", "HEAD"))


def test_what_runs_since_when_and_why(three: Site) -> None:
    promote_on(three, "0.1.0", 1)
    promote_on(three, "0.2.0", 2)
    three.changed("later {{ who }}")
    one = running(status(three.workspace, environment="production"))[NAME]
    assert (str(one.version), str(one.before)) == ("0.2.0", "0.1.0")
    assert one.since == "2026-01-03T01:00:00+01:00"
    assert one.by == "Ann Example <ann@example.com>"
    assert (one.reason, one.problem) == ("day 2", "")
    assert one.commit == three.text("rev-parse", "HEAD~1")


def test_an_edit_that_is_not_committed_does_not_count(three: Site) -> None:
    three.promote(f"{NAME}@0.1.0")
    (three.path / FILE).unlink()
    assert str(running(status(three.workspace))[NAME].version) == "0.1.0"


def test_after_a_roll_back_the_older_one_is_shown(three: Site) -> None:
    promote_on(three, "0.1.0", 1)
    promote_on(three, "0.2.0", 2)
    three.rollback()
    one = running(status(three.workspace))[NAME]
    assert (str(one.version), str(one.before)) == ("0.1.0", "0.2.0")


def test_at_a_moment(three: Site) -> None:
    promote_on(three, "0.1.0", 1)
    promote_on(three, "0.2.0", 3)
    assert at(three, DAY + timedelta(hours=12)) == ""
    assert at(three, DAY + timedelta(days=1)) == "0.1.0"
    assert at(three, DAY + timedelta(days=2)) == "0.1.0"
    assert at(three, DAY + timedelta(days=3)) == "0.2.0"
    with pytest.raises(RefusedError, match="nothing was committed by"):
        at(three, datetime(2001, 1, 1, tzinfo=UTC))


def test_dates_that_run_backwards_are_told_and_the_line_decides(three: Site) -> None:
    promote_on(three, "0.1.0", 5)
    promote_on(three, "0.2.0", 2)
    found = status(three.workspace, at=DAY + timedelta(days=6))
    assert str(running(found)[NAME].version) == "0.2.0"
    assert len([note for note in found.notes if "run backwards" in note]) == 1
    # The last commit of the line that is not younger than day 3 is the second one.
    assert at(three, DAY + timedelta(days=3)) == "0.2.0"
    promote_on(three, "0.1.0", 4)
    assert at(three, DAY + timedelta(days=3)) == "0.2.0"
    assert at(three, DAY + timedelta(days=4)) == "0.1.0"
    assert status(three.workspace).notes == ()


def test_many_dates_that_run_backwards_stay_few_lines(three: Site) -> None:
    for day in range(10, 2, -1):
        promote_on(three, "0.1.0" if day % 2 else "0.2.0", day)
    found = status(three.workspace, at=DAY + timedelta(days=30))
    assert len(found.notes) == 6
    assert found.notes[-1] == "and 2 more"


def test_a_pull_request_counts_when_it_is_merged(three: Site) -> None:
    promote_on(three, "0.1.0", 1)
    three.run("switch", "--quiet", "-c", "pull")
    promote_on(three, "0.2.0", 2)
    three.run("switch", "--quiet", "main")
    three.write("other.txt", "x")
    three.commit()
    three.run("merge", "--quiet", "--no-ff", "-m", "Merge the pull request", "pull")
    one = running(status(three.workspace))[NAME]
    assert str(one.version) == "0.2.0"
    assert str(one.before) == "0.1.0"
    assert one.commit == three.text("rev-parse", "HEAD")


def test_a_broken_file_does_not_hide_the_other_environment(three: Site) -> None:
    three.promote(f"{NAME}@0.1.0", env="staging")
    three.write(FILE, "releases: [")
    three.commit()
    found = status(three.workspace)
    assert str(running(found, "staging")[NAME].version) == "0.1.0"
    assert [bool(one.problem) for one in found.environments] == [False, True]
    three.run("revert", "--no-edit", "HEAD")
    assert running(status(three.workspace)) == {}


def test_a_release_that_can_not_be_followed_says_so(three: Site) -> None:
    three.promote(f"{NAME}@0.2.0")
    three.run("tag", "-f", f"{NAME}@v0.2.0", "HEAD")
    assert "can't be trusted" in running(status(three.workspace))[NAME].problem
    three.run("tag", "-d", f"{NAME}@v0.2.0")
    assert running(status(three.workspace))[NAME].problem == "it has no tag here"


def test_an_entry_that_was_taken_out_is_gone(three: Site) -> None:
    three.promote(f"{NAME}@0.1.0")
    text = (three.path / FILE).read_text().partition("releases:")[0]
    three.write(FILE, text + "releases: {}\n")
    three.commit()
    assert running(status(three.workspace)) == {}


def test_an_unknown_environment_names_the_nearest(three: Site) -> None:
    with pytest.raises(SelectorError, match="no environment `prodution`") as caught:
        status(three.workspace, environment="prodution")
    assert "`production`" in caught.value.hint


def test_on_a_branch_of_its_own(three: Site) -> None:
    three.configure("environments_branch: deploy\n")
    three.commit()
    three.run("branch", "deploy")
    three.promote(f"{NAME}@0.1.0")
    found = status(three.workspace)
    assert (found.branch, found.commit) == ("deploy", three.text("rev-parse", "deploy"))
    assert str(running(found)[NAME].version) == "0.1.0"
