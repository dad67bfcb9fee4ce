"""`release` against real repositories."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.conftest import TODAY

from promptreg.commands.release import ReleaseRequest, plan_release
from promptreg.errors import GitError, PromptregError, RefusedError, SelectorError, UsageError
from promptreg.model.version import Version
from promptreg.releases.ledger import all_releases, find_release, releases_of
from promptreg.releases.plan import CreateTag
from promptreg.releases.releasing import Wanted
from promptreg.releases.tag import Release

if TYPE_CHECKING:
    from tests.conftest import Site

NAME = "support/triage"


def newest(site: Site, name: str = NAME) -> Release:
    return releases_of(site.open(), name)[-1]


def test_the_first_release_is_0_1_0(site: Site) -> None:
    assert site.release() == "0.1.0"
    made = newest(site)
    assert made.commit == site.text("rev-parse", "HEAD")
    assert (made.previous, made.bump, made.problem) == ("", "minor", "")


def test_each_release_points_to_the_one_before(site: Site) -> None:
    site.release()
    first = newest(site)
    site.changed("two {{ who }}", message="Say two")
    assert site.release() == "0.2.0"
    assert newest(site).previous == first.tag_object
    assert newest(site).message == "- Say two"


def test_a_version_without_a_change_is_refused(site: Site) -> None:
    site.release()
    site.write("README.md", "unrelated")
    site.commit()
    before = site.refs()
    for version in ("", "7.0.0"):
        with pytest.raises(RefusedError, match="nothing changed"):
            site.plan_release(version=version)
    assert site.refs() == before


def test_comments_and_line_ends_are_no_change(site: Site) -> None:
    site.release()
    site.prompt(text="Hello {{ who }}")
    manifest = site.path / f"prompts/{NAME}.prompt.yaml"
    manifest.write_text("# a comment\n" + manifest.read_text())
    site.commit()
    with pytest.raises(RefusedError, match="nothing changed"):
        site.plan_release()


def test_a_pre_release_becomes_final_without_a_change(site: Site) -> None:
    site.release(version="1.0.0-rc.1")
    with pytest.raises(RefusedError, match="nothing changed"):
        site.plan_release()
    with pytest.raises(RefusedError, match="nothing changed"):
        site.plan_release(version="1.0.0-rc.2")
    assert site.release(version="1.0.0") == "1.0.0"


def test_changes_are_counted_from_the_last_final_release(three: Site) -> None:
    assert three.release() == "1.0.0"
    three.prompt(text="four {{ who }}")
    three.file("docs.md", "x")
    manifest = three.path / f"prompts/{NAME}.prompt.yaml"
    manifest.write_text(manifest.read_text().replace("An example", "Another"))
    three.commit()
    assert three.release() == "1.0.1"


def test_what_fails_in_another_entry_that_shares_a_template_stops_nothing(site: Site) -> None:
    site.file("partials/p.j2", "one {{ who }}")
    for name in ("own", "other"):
        site.prompt(name, "{% include 'p.j2' %}")
    path = site.path / "prompts/other.prompt.yaml"
    expected = "tests: [{name: said, inputs: {who: you}, expect: [{contains: two}]}]\n"
    path.write_text(path.read_text() + expected)
    site.commit()
    site.release("own")
    with pytest.raises(RefusedError, match="nothing was released"):
        site.release("other")


def test_a_partial_releases_who_reaches_it(site: Site) -> None:
    site.prompt("a", "{% include 'p.j2' %}")
    site.prompt("b", "x {{ who }}")
    site.file("partials/p.j2", "one {{ who }}")
    site.commit()
    site.release("a")
    site.release("b")
    site.file("partials/p.j2", "two {{ who }}")
    site.commit()
    plan = site.plan_release("")
    assert plan.title == "release a 0.2.0"


def test_a_plan_changes_nothing(three: Site) -> None:
    before = three.state()
    objects = three.text("count-objects", "-v")
    three.plan_release()
    assert three.state() == before
    assert three.text("count-objects", "-v") == objects


def test_uncommitted_changes_are_refused_and_from_head_releases_the_rest(site: Site) -> None:
    site.release()
    site.changed("two {{ who }}")
    site.prompt(text="three {{ who }}")
    with pytest.raises(RefusedError, match="aren't committed") as caught:
        site.plan_release()
    assert f"prompts/{NAME}.j2" in caught.value.where
    site.apply(site.plan_release(revision="HEAD"))
    assert newest(site).commit == site.text("rev-parse", "HEAD")


def test_changes_of_other_files_do_not_matter(site: Site) -> None:
    site.prompt("other", "draft")
    assert site.release() == "0.1.0"


def test_only_the_release_branch_releases(site: Site) -> None:
    site.configure("release_branch: main\n")
    site.commit()
    site.run("switch", "--quiet", "-c", "feature")
    with pytest.raises(RefusedError, match="releases are made on `main`") as caught:
        site.plan_release()
    assert "--from feature" in caught.value.hint
    site.apply(site.plan_release(revision="feature"))
    site.run("switch", "--quiet", "--detach", "main")
    with pytest.raises(RefusedError, match="HEAD is detached"):
        site.plan_release()


def test_a_hot_fix_from_another_branch(site: Site) -> None:
    site.release()
    site.run("switch", "--quiet", "-c", "hotfix")
    fixed = site.changed("fixed {{ who }}")
    site.run("switch", "--quiet", "main")
    site.changed("not ready {{ who }}")
    site.apply(site.plan_release(revision="hotfix"))
    assert (str(newest(site).version), newest(site).commit) == ("0.2.0", fixed)
    assert site.release() == "0.3.0"


def test_what_can_not_be_released(site: Site) -> None:
    for request, kind, words in (
        ({"name": "nothing"}, SelectorError, "no prompt or agent `nothing`"),
        ({"revision": "gone"}, GitError, "no commit `gone`"),
        ({"revision": "--help"}, GitError, "is no revision"),
        ({"name": "", "version": "1.0.0"}, UsageError, "`--version` is one entry's version"),
        ({"name": ""}, RefusedError, "nothing that was released before has changed"),
    ):
        with pytest.raises(kind, match=words):
            site.plan_release(**request)


def test_an_unborn_repository_and_no_identity(site: Site) -> None:
    from dataclasses import replace

    from promptreg.store.git.identity import identities

    (site.path.parent / "home/.gitconfig").write_text("")
    with pytest.raises(GitError, match="who you are"):
        identities(site.open())
    path = site.path.parent / "unborn"
    path.mkdir()
    unborn = replace(site, path=path)
    unborn.run("init", "--quiet")
    unborn.configure()
    unborn.prompt()
    with pytest.raises(GitError, match="no commits yet"):
        unborn.plan_release()


def test_a_broken_prompt_is_not_released(site: Site) -> None:
    site.changed("{{ undeclared }}")
    with pytest.raises(RefusedError, match="nothing was released"):
        site.plan_release()


def test_a_retired_entry_is_not_released_and_stops_nobody(site: Site) -> None:
    site.prompt("other")
    site.commit()
    site.release()
    site.release("other")
    site.changed("two {{ who }}", "other")
    manifest = site.path / f"prompts/{NAME}.prompt.yaml"
    manifest.write_text(manifest.read_text().replace("lifecycle: active", "lifecycle: retired"))
    site.commit()
    with pytest.raises(RefusedError, match="is retired"):
        site.plan_release()
    assert site.plan_release("").title == "release other 0.2.0"


def test_a_message_in_another_encoding_is_told(site: Site) -> None:
    site.release()
    site.changed("two {{ who }}", message="Cafe")
    content = site.run("cat-file", "commit", "HEAD").replace(b"Cafe", b"Caf\xe9")
    oid = site.run("hash-object", "-t", "commit", "-w", "--stdin", stdin=content)
    site.run("reset", "--soft", oid.decode().strip())
    site.release()
    assert newest(site).problem == ""
    assert newest(site).message == "- Caf\ufffd"


def test_a_message_of_ones_own(site: Site) -> None:
    site.release(message="First\n\n-----BEGIN SSH SIGNATURE-----\nPromptreg-Digest: x")
    assert newest(site).problem == ""
    assert newest(site).message.startswith("First")
    with pytest.raises(RefusedError, match="nothing changed"):
        site.plan_release(message="x")


def test_a_message_that_no_tag_can_hold(site: Site) -> None:
    with pytest.raises(RefusedError, match="too long"):
        site.plan_release(message="x" * 70_000)


def test_a_bad_tag_stops_only_its_own_entry(site: Site) -> None:
    site.prompt("other")
    site.commit()
    site.release()
    site.release("other")
    site.run("tag", "-f", f"{NAME}@v0.1.0", "HEAD")
    site.changed("two {{ who }}")
    site.changed("two {{ who }}", "other")
    with pytest.raises(RefusedError, match="can't be trusted"):
        site.plan_release()
    plan = site.plan_release("")
    assert plan.title == "release other 0.2.0"
    assert any(f"`{NAME}` is left out" in note for note in plan.notes)


def test_an_environment_that_names_a_missing_tag_refuses(three: Site) -> None:
    three.promote(f"{NAME}@0.2.0")
    three.run("tag", "-d", f"{NAME}@v0.2.0")
    with pytest.raises(RefusedError) as caught:
        three.plan_release()
    assert "has no tag here" in caught.value.what
    assert "git fetch --tags origin" in caught.value.hint


# Agents


@pytest.fixture
def team(site: Site) -> Site:
    """An agent that uses three prompts in three ways; all are released once."""
    for name in ("a", "b", "c"):
        site.prompt(name)
        site.commit()
        site.release(name)
    site.agent("bot", own="a", range="b@^0.1", fixed="c@0.1.0")
    site.commit()
    site.release("bot")
    return site


def pins(site: Site) -> dict[str, str]:
    made = newest(site, "bot")
    assert made.problem == ""
    return {pin.role: f"{pin.name}@{pin.version}" for pin in made.pins}


def test_an_agent_pins_what_its_selectors_mean(team: Site) -> None:
    assert pins(team) == {"own": "a@0.1.0", "range": "b@0.1.0", "fixed": "c@0.1.0"}
    released = find_release(team.open(), "a", Version(0, 1, 0))
    assert [pin.digest for pin in newest(team, "bot").pins if pin.name == "a"] == [released.digest]


def test_an_agent_changes_when_what_it_pins_changes(team: Site) -> None:
    manifest = team.path / "prompts/b.prompt.yaml"
    manifest.write_text(manifest.read_text().replace("An example", "Another"))
    team.changed("two {{ who }}", "a")
    plan = team.plan_release("")
    names = [step.release.tag for step in plan.steps if isinstance(step, CreateTag)]
    # b is only documented anew, so 0.1.1 fits the agent's ^0.1; agents come after their prompts.
    assert names == ["a@v0.2.0", "b@v0.1.1", "bot@v0.2.0"]
    team.apply(plan)
    assert pins(team) == {"own": "a@0.2.0", "range": "b@0.1.1", "fixed": "c@0.1.0"}
    with pytest.raises(RefusedError, match="nothing that was released"):
        team.plan_release("")
    with pytest.raises(RefusedError, match="nothing changed in `bot`"):
        team.plan_release("bot")


def test_a_prompt_that_was_released_alone_moves_the_agent_later(team: Site) -> None:
    team.changed("two {{ who }}", "a")
    team.release("a")
    assert team.plan_release("").title == "release bot 0.2.0"


def test_a_fixed_pin_never_moves(team: Site) -> None:
    team.changed("two {{ who }}", "c")
    assert team.plan_release("").title == "release c 0.2.0"


def test_an_agent_does_not_pin_what_is_not_released(team: Site) -> None:
    team.changed("two {{ who }}", "a")
    manifest = team.path / "agents/bot.agent.yaml"
    manifest.write_text(manifest.read_text().replace("An example", "Another"))
    team.commit()
    with pytest.raises(RefusedError, match="which has changes that aren't released"):
        team.plan_release("bot")
    assert team.plan_release("").title == "release a 0.2.0, release bot 0.2.0"


def test_the_prompt_of_a_guardrail_is_pinned_too(team: Site) -> None:
    manifest = team.path / "agents/bot.agent.yaml"
    manifest.write_text(
        manifest.read_text() + 'guardrails: [{name: g, stage: output, prompt: "c@latest"}]\n'
    )
    team.commit()
    team.release("bot")
    assert pins(team)["guardrails/g"] == "c@0.1.0"
    team.changed("two {{ who }}", "c")
    team.release("")
    assert pins(team)["guardrails/g"] == "c@0.2.0"


def test_an_agent_pins_an_environment(team: Site) -> None:
    team.promote("a@0.1.0")
    team.agent("bot", own="a@production")
    team.commit()
    team.release("bot")
    team.changed("two {{ who }}", "a")
    team.release("a")
    with pytest.raises(RefusedError, match="nothing that was released"):
        team.plan_release("")
    team.promote("a@0.2.0")
    assert team.plan_release("").title == "release bot 0.3.0"


def test_a_selector_of_no_release_can_not_be_pinned(team: Site) -> None:
    team.agent("bot", own="a@git:HEAD")
    team.commit()
    with pytest.raises(PromptregError):
        team.plan_release("bot")


def test_releases_of_many_are_one_transaction(team: Site) -> None:
    for name in ("a", "b"):
        team.changed("two {{ who }}", name)
    plan = team.plan_release("")
    team.run("tag", "b@v0.2.0")  # someone else was faster
    before = team.refs()
    with pytest.raises(RefusedError, match="nothing was changed"):
        team.apply(plan)
    assert team.refs() == before
    assert "a@v0.2.0" not in before
    assert [one.problem for one in all_releases(team.open())["a"]] == [""]


def several(site: Site, *names: str, changed: bool = False, new: bool = False) -> list[str]:
    """Release entries by name, or by `changed` and `new`; the tags that came, in their order."""
    request = ReleaseRequest(names, changed, new=new)
    plan = plan_release(site.workspace, request, TODAY)
    site.apply(plan)
    return [step.release.tag for step in plan.steps if isinstance(step, CreateTag)]


def test_named_entries_are_released_together_agents_last(site: Site) -> None:
    site.prompt("b")
    site.agent("a-bot", own="b")
    site.commit()
    assert several(site, "a-bot", "b", "b") == ["b@v0.1.0", "a-bot@v0.1.0"]
    with pytest.raises(RefusedError, match="nothing changed"):
        several(site, "b", NAME)
    assert not releases_of(site.workspace.git, NAME)


def test_new_releases_what_never_was(team: Site) -> None:
    team.prompt("d")
    team.changed("two {{ who }}", "a")
    assert several(team, new=True) == ["d@v0.1.0", f"{NAME}@v0.1.0"]
    with pytest.raises(RefusedError, match="every entry was released before"):
        several(team, new=True)
    team.prompt("e")
    team.commit()
    assert several(team, changed=True, new=True) == ["a@v0.2.0", "e@v0.1.0", "bot@v0.2.0"]


def test_one_version_is_for_one_entry(team: Site) -> None:
    request = ReleaseRequest(("a", "b"), wanted=Wanted(version=Version(2, 0, 0)))
    with pytest.raises(UsageError, match="one entry's version"):
        plan_release(team.workspace, request, TODAY)
    with pytest.raises(UsageError, match="name the entries"):
        plan_release(team.workspace, ReleaseRequest(("a",), new=True), TODAY)
