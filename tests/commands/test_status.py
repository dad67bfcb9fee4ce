"""`status`, now and at a moment, however the clocks went."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from promptreg.commands.status import status
from promptreg.errors import RefusedError, SelectorError
from promptreg.model.version import Bump
from promptreg.releases.ledger import all_releases, releases_of_each
from promptreg.releases.plan import CreateTag
from promptreg.releases.running import Running, Status
from promptreg.releases.unreleased import Unreleased
from promptreg.reporters.lines import plain
from promptreg.reporters.status import status_lines

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
    text = (site.path / "promptreg.yaml").read_text()
    site.file("promptreg.yaml", text.replace("production: {}", "production: {after: staging}"))
    site.commit()
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


def pending(site: Site) -> Unreleased:
    found = status(site.workspace).unreleased
    assert found is not None
    return found


def test_what_changed_since_its_release_is_told_with_the_bump_it_needs(site: Site) -> None:
    assert pending(site).never_released == (NAME,)
    site.release()
    assert (pending(site).entries, pending(site).never_released) == ((), ())
    site.changed("Good day {{ who }}")
    (one,) = pending(site).entries
    assert (one.name, one.kind, str(one.since), str(one.next)) == (NAME, "prompt", "0.1.0", "0.2.0")
    assert (one.bump, one.required, len(one.reasons)) == ("minor", Bump.MINOR, 1)
    assert one.reasons[0].startswith("behavioural: ")
    assert pending(site).commit == site.text("rev-parse", "HEAD")


def test_before_one_a_breaking_change_needs_a_minor(site: Site) -> None:
    site.release()
    text = (site.path / "prompts/support/triage.prompt.yaml").read_text()
    site.file("prompts/support/triage.prompt.yaml", text.replace(", default: you", ""))
    site.commit()
    (one,) = pending(site).entries
    assert (one.bump, one.required, str(one.next)) == ("minor", Bump.MAJOR, "0.2.0")
    assert one.reasons[0].startswith("breaking: ")
    site.release(version="1.0.0")
    site.file("prompts/support/triage.prompt.yaml", text)
    site.commit()
    site.file("prompts/support/triage.prompt.yaml", text.replace(", default: you", ""))
    assert [str(one.next) for one in pending(site).entries] == ["1.1.0"]


def test_only_what_is_committed_counts_as_unreleased(site: Site) -> None:
    site.release()
    site.prompt(text="Not committed {{ who }}")
    assert pending(site).entries == ()


def test_neither_a_moment_nor_one_environment_tells_what_is_unreleased(three: Site) -> None:
    assert status(three.workspace, at=DAY + timedelta(days=999)).unreleased is None
    assert status(three.workspace, environment="staging").unreleased is None


def test_it_agrees_with_release_changed(three: Site) -> None:
    three.agent("range", triage=f"{NAME}@^0.1", other="other@0.1.0")
    three.agent("environment", triage=f"{NAME}@production")
    three.agent("same", other="other@latest")
    three.agent("new", other="other@latest")
    three.prompt("other", "Other {{ who }}")
    three.prompt("gone", "Gone {{ who }}")
    three.commit()
    three.promote(f"{NAME}@0.1.0")
    three.release("other")
    three.release("gone")
    for name in ("range", "environment", "same"):
        three.release(name)
    three.promote(f"{NAME}@0.2.0")
    three.release(version="1.0.0")
    three.prompt("other", "Others {{ who }}")
    three.file("agents/range.agent.yaml", (three.path / "agents/range.agent.yaml").read_text()
               .replace("^0.1", ">=0.1"))  # fmt: skip
    three.commit()
    planned = [
        (step.release.name, step.release.version, step.release.bump, step.reasons)
        for step in three.plan_release("").steps
        if isinstance(step, CreateTag)
    ]
    found = pending(three)
    assert sorted(planned) == [(one.name, one.next, one.bump, one.reasons) for one in found.entries]
    assert [one.name for one in found.entries] == ["environment", "other", "range", "same"]
    assert found.never_released == ("new",)


def test_what_can_not_be_judged_is_a_note(three: Site) -> None:
    three.run("tag", "-f", f"{NAME}@v1.0.0-rc.1", "HEAD")
    three.file("agents/bad.agent.yaml", "name: [")
    three.commit()
    found = pending(three)
    assert found.entries == ()
    assert len([note for note in found.notes if "is left out" in note]) == 1
    assert len([note for note in found.notes if "agents/bad.agent.yaml" in note]) == 1


def test_an_agent_that_can_not_be_released_as_it_is_hides_nothing(three: Site) -> None:
    three.release()
    three.agent("bot", hello=f"{NAME}@0.1.0")
    three.prompt("other")
    three.commit()
    three.release("bot")
    three.release("other")
    three.agent("bot", hello=f"{NAME}@^9")
    three.prompt("other", "Others {{ who }}")
    three.commit()
    found = pending(three)
    assert [one.name for one in found.entries] == ["other"]
    assert [note for note in found.notes if note.startswith("`bot` is left out: ")]
    with pytest.raises(SelectorError):
        three.plan_release("")


def test_without_a_configuration_at_head_what_runs_is_still_told(three: Site) -> None:
    three.promote(f"{NAME}@0.1.0")
    text = (three.path / "promptreg.yaml").read_text()
    three.run("rm", "--quiet", "--cached", "promptreg.yaml")
    three.run("commit", "--quiet", "-m", "Lose the configuration")
    three.write("promptreg.yaml", text)
    found = status(three.workspace)
    assert (found.unreleased, str(running(found)[NAME].version)) == (None, "0.1.0")
    assert "what isn't released can't be told" in found.notes[-1]


def test_a_retired_entry_awaits_no_release(site: Site) -> None:
    text = (site.path / "prompts/support/triage.prompt.yaml").read_text()
    site.file("prompts/support/triage.prompt.yaml", text.replace("active", "retired"))
    site.commit()
    assert pending(site).never_released == ()


def test_the_text_tells_the_first_reason_and_how_many_more(site: Site) -> None:
    site.release()
    site.prompt("new")
    path = "prompts/support/triage.prompt.yaml"
    text = (site.path / path).read_text().replace(", default: you", "")
    site.file(path, text.replace("low", "high"))
    site.commit()
    shown = plain(status_lines(status(site.workspace)))
    assert "  support/triage  0.1.0     minor  0.2.0  breaking: " in shown
    assert "(and 2 more)" in shown
    assert "never released: 1 entry" in shown


def test_one_environment_is_told_as_among_all(three: Site) -> None:
    """Only the tags of what runs there are read for it."""
    promote_on(three, "0.1.0", 1)
    promote_on(three, "0.2.0", 2)
    three.text("tag", "--force", "-m", "Not what release writes.", f"{NAME}@v0.2.0", "HEAD")
    every = status(three.workspace).environments

    for one in every:
        assert status(three.workspace, environment=one.name).environments == (one,)
    assert running(status(three.workspace, environment="production"))[NAME].problem


@pytest.mark.parametrize("count", [0, 1, 50, 51])
def test_the_tags_of_some_entries_are_those_among_all(three: Site, count: int) -> None:
    for number in range(52):
        three.text("tag", f"other{number}@v1.0.0")
        if number % 25 == 0:
            three.text("tag", f"other{number}/below@v1.0.0")
    every = all_releases(three.workspace.git)
    names = [NAME, *(f"other{number}" for number in range(50)), "nobody"][:count]

    some = releases_of_each(three.workspace.git, names)
    assert some == {name: every[name] for name in names if name in every}
    assert len(some) == min(count, 51)
