"""What `check` compares: where HEAD left the base, whatever else the clone looks like."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.conftest import TODAY

from promptreg.commands.check import Checked, CheckRequest, check
from promptreg.errors import GitError, RefusedError, RegistryError
from promptreg.model.finding import Severity
from promptreg.registry.workspace import open_workspace

if TYPE_CHECKING:
    from tests.conftest import Site

NAME = "support/triage"
MANIFEST = f"prompts/{NAME}.prompt.yaml"


def checked(site: Site, base: str = "main", **more: Any) -> Checked:
    return check(site.workspace, CheckRequest(base, TODAY, **more))


def names(found: Checked) -> list[str]:
    return [one.name for one in found.judgements]


def on_a_branch(site: Site, text: str = "Good day {{ who }}", name: str = NAME) -> None:
    site.run("switch", "--quiet", "-c", "topic")
    site.changed(text, name)


def drop_the_input(site: Site) -> None:
    path = site.path / site.folder / MANIFEST
    path.write_text(
        re.sub(r"  who:.*\n", "  other: {type: string, default: x}\n", path.read_text())
    )
    site.file(f"prompts/{NAME}.j2", "Hello {{ other }}")


def test_main_that_moved_on_does_not_count(site: Site) -> None:
    on_a_branch(site)
    site.run("switch", "--quiet", "main")
    site.prompt("new")
    site.commit()
    site.run("switch", "--quiet", "topic")
    found = checked(site)
    assert names(found) == [NAME]
    assert found.comparison.base.commit == site.text("rev-parse", "main~1")
    assert found.report.notes == ()


def test_a_branch_that_merged_main_brings_its_own_change_only(site: Site) -> None:
    on_a_branch(site)
    site.run("switch", "--quiet", "main")
    site.prompt("new")
    site.commit()
    site.run("switch", "--quiet", "topic")
    site.run("merge", "--quiet", "--no-edit", "main")
    assert names(checked(site)) == [NAME]


@pytest.mark.parametrize("moved_on", [False, True])
def test_the_merge_commit_of_a_pull_request(site: Site, moved_on: bool) -> None:  # noqa: FBT001
    """GitHub checks out a merge of the base and the head, detached."""
    on_a_branch(site)
    site.run("switch", "--quiet", "main")
    site.prompt("before")
    base = site.commit()
    site.run("switch", "--quiet", "--detach", "main")
    site.run("merge", "--quiet", "--no-ff", "--no-edit", "topic")
    if moved_on:
        site.run("branch", "--force", "main", base)
        merge = site.text("rev-parse", "HEAD")
        site.run("switch", "--quiet", "main")
        site.changed("Later {{ who }}", "after")
        site.run("switch", "--quiet", "--detach", merge)
    found = checked(site)
    assert found.comparison.base.commit == base
    assert names(found) == [NAME]


def test_a_base_that_is_head(site: Site) -> None:
    found = checked(site, "HEAD~0")
    assert found.judgements == ()
    assert found.report.findings == ()
    assert found.report.notes == ("`HEAD~0` holds HEAD already, so there is no change to judge",)


def test_a_base_that_is_ahead(site: Site) -> None:
    site.run("branch", "topic")
    site.changed("Good day {{ who }}")
    site.run("switch", "--quiet", "topic")
    found = checked(site)
    assert found.judgements == ()
    assert found.report.notes == ("`main` holds HEAD already, so there is no change to judge",)


def test_another_head_than_what_is_checked_out(site: Site) -> None:
    on_a_branch(site)
    site.run("switch", "--quiet", "main")
    site.prompt("new")
    assert names(checked(site, head="topic")) == [NAME]
    assert checked(site, head="topic").report.notes == ()


def test_a_detached_head_and_a_tag_as_base(site: Site) -> None:
    site.release()
    on_a_branch(site)
    site.run("switch", "--quiet", "--detach", "topic")
    assert names(checked(site, f"{NAME}@v0.1.0")) == [NAME]


def test_the_working_tree_is_not_judged_and_a_note_says_so(site: Site) -> None:
    on_a_branch(site)
    site.file(f"prompts/{NAME}.j2", "{{ undeclared")
    site.file("promptreg.yaml", "name: [")
    found = checked(site)
    assert names(found) == [NAME]
    assert found.report.findings[0].rule == "text-changed"
    (note,) = found.report.notes
    assert note == (
        f"HEAD is judged, not the working tree, where `promptreg.yaml`, `prompts/{NAME}.j2` differ"
    )


def test_a_file_name_that_is_not_utf_8_hides_nothing(site: Site) -> None:
    site.write(b"prompts/zz\xff.txt", b"a")
    site.commit()
    on_a_branch(site)
    site.write(b"prompts/zz\xff.txt", b"b")
    site.write(b"prompts/yy\xfe.prompt.yaml", b"b")
    drop_the_input(site)
    site.commit()
    found = checked(site)
    assert names(found)[0] == NAME
    rules = {finding.rule for finding in found.report.findings}
    assert {"input-removed", "bad-file-name"} <= rules
    assert "prompts/zz\udcff.txt" in {one.path for one in found.comparison.other_files}


@pytest.mark.parametrize("base", ["main..topic", "main...topic"])
def test_a_range_is_refused_with_its_start(site: Site, base: str) -> None:
    with pytest.raises(GitError) as caught:
        checked(site, base)
    assert caught.value.what == f"`--base {base}` names no commit: it is a range"
    assert caught.value.hint == "`--base main` compares HEAD with where it left `main`"


@pytest.mark.parametrize(
    "base", ["", "-x", "..", "main:promptreg.yaml", ":/start", "a b", "main^@"]
)
def test_what_names_no_commit_is_refused(site: Site, base: str) -> None:
    with pytest.raises(GitError) as caught:
        checked(site, base)
    assert caught.value.hint


def test_a_misspelt_base_names_the_nearest(site: Site) -> None:
    with pytest.raises(GitError, match="there is no commit `mian`") as caught:
        checked(site, "mian")
    assert caught.value.hint.startswith("did you mean `main`")


def test_no_common_history(site: Site) -> None:
    site.run("switch", "--quiet", "--orphan", "topic")
    site.configure()
    site.prompt()
    site.commit()
    with pytest.raises(GitError, match="`main` and HEAD share no history"):
        checked(site)


def test_no_commits(playground: Any) -> None:
    playground.write("promptreg.yaml", "")
    with pytest.raises(GitError, match="no commits yet"):
        check(open_workspace(playground.path, playground.environ), CheckRequest("main", TODAY))


def pasted(site: Site, hint: str) -> str:
    """Run the one command of a hint as a person would paste it; the base that it says to use."""
    command, *then = re.findall(r"`([^`]+)`", hint)
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=site.path, env=dict(site.environ), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return then[0].removeprefix("--base ") if then and then[0].startswith("--base ") else ""


def cloned(site: Site, tmp_path: Path, *words: str) -> Site:
    """A clone whose `topic` is checked out; main has moved on since."""
    on_a_branch(site)
    site.changed("Good evening {{ who }}")
    site.run("switch", "--quiet", "main")
    for number in range(3):
        site.prompt(f"new{number}")
        site.commit()
    site.run("tag", "a-tag")
    place = tmp_path / "clone"
    site.run("clone", "--quiet", "--branch", "topic", *words, f"file://{site.path}", str(place))
    return type(site)(place, site.environ)


@pytest.mark.parametrize("base", ["main", "origin/main"])
@pytest.mark.parametrize(
    "words", [("--depth=1",), ("--depth=1", "--no-single-branch"), ("--single-branch",)]
)
def test_the_hint_gets_a_base_that_the_clone_lacks(
    site: Site, tmp_path: Path, words: tuple[str, ...], base: str
) -> None:
    here = cloned(site, tmp_path, *words)
    for _ in range(2):
        try:
            found = checked(here, base)
            break
        except GitError as error:
            base = pasted(here, error.hint) or base
    else:
        pytest.fail(f"two hints didn't help: {here.text('branch', '--all')}")
    assert names(found) == [NAME]
    assert found.comparison.base.commit == site.text("merge-base", "main", "topic")


def test_a_shallow_clone_says_so(site: Site, tmp_path: Path) -> None:
    here = cloned(site, tmp_path, "--depth=1", "--no-single-branch")
    with pytest.raises(GitError, match="shallow") as caught:
        checked(here, "origin/main")
    assert "`git fetch --unshallow --tags`" in caught.value.hint
    assert "`fetch-depth: 0`" in caught.value.hint


def test_a_hint_runs_nothing_that_a_branch_name_says(site: Site) -> None:
    site.run("remote", "add", "origin", str(site.path))
    with pytest.raises(GitError) as caught:
        checked(site, "$(touch${IFS}owned)")
    assert "'+refs/heads/$(touch${IFS}owned):" in caught.value.hint


def test_without_tags_no_environment_passes(site: Site, tmp_path: Path) -> None:
    site.release()
    site.run("switch", "--quiet", "-c", "topic")
    site.promote(f"{NAME}@0.1.0", env="staging")
    place = tmp_path / "clone"
    site.run("clone", "--quiet", "--no-tags", str(site.path), str(place))
    here = type(site)(place, site.environ)
    with pytest.raises(RefusedError, match="no release tags") as caught:
        checked(here, "origin/main")
    pasted(here, caught.value.hint)
    assert checked(here, "origin/main").report.findings == ()


def moved_registry(site: Site, to: str) -> Site:
    """The registry moved into the folder `to`, and breaks its callers there."""
    site.run("switch", "--quiet", "-c", "topic")
    (site.path / to).mkdir()
    site.run("mv", "promptreg.yaml", "prompts", to)
    here = type(site)(site.path, site.environ, folder=f"{to}/")
    drop_the_input(here)
    here.commit("move")
    return here


def test_a_registry_that_moves_is_compared_with_what_it_was(site: Site) -> None:
    found = checked(moved_registry(site, "reg"))
    assert found.report.notes == ("the registry moved from `./` to `reg/`: they are compared",)
    assert "input-removed" in {finding.rule for finding in found.report.findings}
    assert found.report.fails(Severity.ERROR)


def test_two_registries_that_become_one_are_refused(site: Site) -> None:
    site.write("other/promptreg.yaml", (site.path / "promptreg.yaml").read_bytes())
    site.commit()
    site.run("rm", "--quiet", "other/promptreg.yaml")
    with pytest.raises(RegistryError, match="removes 2 registries"):
        checked(moved_registry(site, "reg"))


def test_a_new_registry_beside_another_is_no_move(site: Site) -> None:
    site.run("switch", "--quiet", "-c", "topic")
    here = type(site)(site.path, site.environ, folder="reg/")
    here.configure()
    here.prompt()
    here.commit()
    found = checked(here)
    assert found.report.notes[0].startswith("the base has no `promptreg.yaml`")
    assert not found.report.fails(Severity.ERROR)


def test_a_head_without_registry_is_refused(site: Site) -> None:
    site.run("switch", "--quiet", "-c", "topic")
    site.run("rm", "--quiet", "--cached", "promptreg.yaml")
    site.run("commit", "--quiet", "-m", "Stop judging")
    with pytest.raises(RegistryError, match=r"HEAD has no `promptreg.yaml`"):
        checked(site)


FEW, MANY = 2, 20


@pytest.mark.parametrize("rendered", [False, True])
def test_git_is_not_started_for_each_entry(
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    rendered: bool,  # noqa: FBT001
) -> None:
    started: list[bytes] = []
    real = subprocess.Popen

    def count(command: list[Any], **more: Any) -> Any:
        if command[0] == b"git":
            started.append(b" ".join(command))
        return real(command, **more)

    counts = []
    for entries in (FEW, MANY):
        for number in range(entries):
            site.prompt(f"p{number}", f"one {entries} {{{{ who }}}}")
        site.commit()
        for number in range(entries):
            site.prompt(f"p{number}", f"{{{{ broken {entries}")
        site.commit()
        monkeypatch.setattr(subprocess, "Popen", count)
        started.clear()
        found = checked(site, "HEAD~1", rendered=rendered)
        monkeypatch.undo()
        assert len(found.judgements) == entries
        counts.append(len(started))
    assert counts[0] > 3
    # A bounded pipe takes 60 ids at a time; that may cost a start or two, never one per entry.
    assert counts[1] <= counts[0] + 2, started
