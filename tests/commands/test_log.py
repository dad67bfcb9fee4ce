"""`log` and `blame`: order by ancestry, whatever the clocks say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from promptreg.commands.blame import blame
from promptreg.commands.log import log
from promptreg.commands.status import status
from promptreg.errors import GitError, PromptregError, RefusedError, SelectorError
from promptreg.releases.events import Event

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Site

    from promptreg.registry.workspace import Workspace

NAME = "support/triage"


def told(events: tuple[Event, ...]) -> list[str]:
    words = []
    for one in events:
        if one.kind == "commit":
            words.append(one.text)
        elif one.kind == "release":
            words.append(f"release {one.version}")
        else:
            words.append(f"{one.environment} {one.before} -> {one.version}")
    return words


def history(site: Site, name: str = NAME) -> list[str]:
    return told(log(site.workspace, name).events)


def write_history(site: Site) -> None:
    site.release()
    site.promote(f"{NAME}@0.1.0")
    site.changed("two {{ who }}", message="Say two")
    site.release()
    site.write("README.md", "unrelated")
    site.commit("Unrelated")
    site.promote(f"{NAME}@0.2.0")
    site.rollback()


EXPECTED = [
    "production 0.2.0 -> 0.1.0",
    "production 0.1.0 -> 0.2.0",
    "release 0.2.0",
    "Say two",
    "production None -> 0.1.0",
    "release 0.1.0",
    "start",
]


def test_everything_in_its_place(site: Site) -> None:
    write_history(site)
    found = log(site.workspace, NAME)
    assert told(found.events) == EXPECTED
    assert found.elsewhere == ()
    assert found.paths == (f"prompts/{NAME}.prompt.yaml", f"prompts/{NAME}.j2")


@pytest.mark.parametrize("dates", ["equal", "backwards", "wild"])
def test_the_order_does_not_come_from_a_clock(site: Site, dates: str) -> None:
    from dataclasses import replace

    seconds = {"equal": 0, "backwards": -86_400, "wild": 0}[dates]
    commits = 0

    class Clock(list[int]):
        """The seconds that `signature` reads and raises."""

        def __getitem__(self, index: object) -> int:  # type: ignore[override] # one element
            nonlocal commits
            commits += 1
            wild = (commits * 7919) % 100_000 if dates == "wild" else 0
            return 1_700_000_000 + seconds * commits + wild

        def __setitem__(self, index: object, value: object) -> None:
            return

    odd = replace(site, clock=Clock())
    write_history(odd)
    assert history(odd) == EXPECTED


def test_partials_belong_to_the_history(site: Site) -> None:
    site.prompt(text="{% include 'p.j2' %}")
    site.file("partials/p.j2", "one {{ who }}")
    site.commit("Use a partial")
    site.file("partials/p.j2", "two {{ who }}")
    site.commit("Change the partial")
    assert history(site)[:2] == ["Change the partial", "Use a partial"]


def test_a_moved_manifest_keeps_its_history(site: Site) -> None:
    site.release()
    folder = site.path / f"prompts/{NAME}"
    folder.mkdir()
    site.run("mv", f"prompts/{NAME}.prompt.yaml", f"prompts/{NAME}/prompt.yaml")
    site.run("mv", f"prompts/{NAME}.j2", f"prompts/{NAME}/triage.j2")
    site.commit("Move into a folder")
    assert history(site) == ["Move into a folder", "release 0.1.0", "start"]


def test_a_merged_branch_stands_between_its_ends(site: Site) -> None:
    site.run("switch", "--quiet", "-c", "side")
    site.changed("side {{ who }}", message="On the side")
    site.run("switch", "--quiet", "main")
    site.write("x.txt", "x")
    site.commit("Elsewhere")
    site.run("merge", "--quiet", "--no-ff", "-m", "Merge", "side")
    site.changed("after {{ who }}", message="After")
    assert history(site) == ["After", "On the side", "start"]


def test_what_is_not_in_this_branch_stands_apart(site: Site) -> None:
    site.release()
    site.run("switch", "--quiet", "-c", "hotfix")
    site.changed("fixed {{ who }}", message="Fix")
    site.release()
    site.changed("fixed again {{ who }}", message="Fix again")
    site.release()
    site.run("switch", "--quiet", "main")
    found = log(site.workspace, NAME)
    assert told(found.events) == ["release 0.1.0", "start"]
    assert told(found.elsewhere) == ["release 0.3.0", "release 0.2.0"]


def test_environments_of_a_branch_of_their_own_are_in_their_order(site: Site) -> None:
    site.configure("environments_branch: deploy\n")
    site.commit("Configure")
    site.run("branch", "deploy")
    site.release()
    site.promote(f"{NAME}@0.1.0", env="staging")
    site.promote(f"{NAME}@0.1.0")
    site.changed("two {{ who }}", message="Say two")
    site.release()
    site.promote(f"{NAME}@0.2.0", env="staging")
    found = log(site.workspace, NAME)
    assert told(found.events) == ["release 0.2.0", "Say two", "release 0.1.0", "start"]
    assert told(found.elsewhere) == [
        "staging 0.1.0 -> 0.2.0",
        "production None -> 0.1.0",
        "staging None -> 0.1.0",
    ]


def test_a_bad_tag_is_listed_with_its_problem(three: Site) -> None:
    three.run("tag", "-f", f"{NAME}@v0.2.0", "HEAD")
    found = log(three.workspace, NAME)
    (bad,) = [one for one in (*found.events, *found.elsewhere) if one.problem]
    assert str(bad.version) == "0.2.0"


def test_an_entry_that_is_gone_has_a_history(three: Site) -> None:
    three.run("rm", "--quiet", "-r", "prompts")
    three.commit("Remove it")
    assert history(three)[0] == "Remove it"
    assert "release 0.1.0" in history(three)


def test_what_is_unknown_or_a_version(three: Site) -> None:
    with pytest.raises(SelectorError, match="no prompt or agent"):
        log(three.workspace, "nothing")
    with pytest.raises(SelectorError, match="names a version"):
        log(three.workspace, f"{NAME}@0.1.0")


def test_blame_names_the_first_release_of_each_line(site: Site) -> None:
    site.prompt(text="one {{ who }}\ntwo\nthree\n")
    site.commit()
    site.release()
    site.prompt(text="one {{ who }}\n2\nthree\n")
    site.commit()
    site.release(version="1.0.0-rc.1")
    site.prompt(text="one {{ who }}\n2\nthree\nfour\n")
    site.commit()
    found = blame(site.workspace, NAME)
    versions = {one.path: [str(line.version) for line in one.lines] for one in found.files}
    assert versions[f"prompts/{NAME}.j2"] == ["0.1.0", "1.0.0-rc.1", "0.1.0", "None"]
    assert set(versions[f"prompts/{NAME}.prompt.yaml"]) == {"0.1.0"}
    first = found.files[1].lines[0]
    assert (first.number, first.text, first.by) == (
        1,
        "one {{ who }}",
        "Ann Example <ann@example.com>",
    )
    old = blame(site.workspace, f"{NAME}@0.1.0")
    assert [line.text for line in old.files[1].lines] == ["one {{ who }}", "two", "three"]


def test_blame_shows_what_is_committed(site: Site) -> None:
    site.prompt(text="edited {{ who }}")
    assert blame(site.workspace, NAME).files[1].lines[0].text == "Hello {{ who }}"


READERS: list[Callable[[Workspace], object]] = [
    lambda here: log(here, NAME),
    lambda here: blame(here, NAME),
    status,
]


@pytest.mark.parametrize("read", READERS, ids=["log", "blame", "status"])
def test_a_shallow_clone_is_refused_with_the_command_that_mends_it(
    three: Site, read: Callable[[Workspace], object]
) -> None:
    from dataclasses import replace

    path = three.path.parent / "clone"
    three.run("clone", "--quiet", "--depth=1", three.path.as_uri(), str(path))
    there = replace(three, path=path)
    with pytest.raises(RefusedError, match="shallow") as caught:
        read(there.workspace)
    assert "git fetch --unshallow --tags" in caught.value.hint
    there.run("fetch", "--quiet", "--unshallow", "--tags")
    read(there.workspace)


@pytest.mark.parametrize("read", READERS, ids=["log", "blame", "status"])
def test_before_the_first_commit(site: Site, read: Callable[[Workspace], object]) -> None:
    from dataclasses import replace

    path = site.path.parent / "unborn"
    path.mkdir()
    unborn = replace(site, path=path)
    unborn.run("init", "--quiet")
    unborn.configure()
    unborn.prompt()
    with pytest.raises(GitError, match="no commit"):
        read(unborn.workspace)


@pytest.mark.parametrize("read", READERS, ids=["log", "blame", "status"])
def test_reading_changes_nothing(three: Site, read: Callable[[Workspace], object]) -> None:
    three.promote(f"{NAME}@0.1.0")
    before = {
        str(path): path.stat().st_mtime_ns for path in three.path.rglob("*") if path.is_file()
    }
    read(three.workspace)
    after = {str(path): path.stat().st_mtime_ns for path in three.path.rglob("*") if path.is_file()}
    assert before == after


def test_without_git_there_is_no_history(
    site: Site, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from dataclasses import replace

    path = tmp_path_factory.mktemp("plain")
    plain = replace(site, path=path)
    plain.configure()
    plain.prompt()
    for read in READERS:
        with pytest.raises(PromptregError, match="not in a git repository"):
            read(plain.workspace)
