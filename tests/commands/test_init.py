from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.commands.init import InitPlan, apply_init, plan_init
from promptreg.commands.scaffold.texts import scalar
from promptreg.errors import GitError, RefusedError, UsageError
from promptreg.model.data import at_route
from promptreg.registry.load import load
from promptreg.store.yaml import read_yaml

if TYPE_CHECKING:
    from tests.commands.conftest import Desk


def make(desk: Desk, folder: str = ".", name: str = "") -> InitPlan:
    plan = plan_init(desk.path / folder, desk.environ, name=name)
    apply_init(plan)
    return plan


def files_below(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def test_an_empty_folder_becomes_a_registry_in_which_nothing_is_wrong(desk: Desk) -> None:
    make(desk)
    loaded = load(desk.open().working_tree())
    assert loaded.findings == ()
    assert dict(loaded.snapshot.unresolved["welcome"]) == {}
    assert "partials/tone.j2" in loaded.snapshot.entries["welcome"].templates
    assert desk.git("symbolic-ref", "HEAD") == "refs/heads/main"
    assert desk.git("status", "--short", "-uall").count("??") == 7


def test_the_owner_is_who_git_says(desk: Desk) -> None:
    make(desk)
    owner = load(desk.open().working_tree()).snapshot.configuration.owners["team"]
    assert (owner.contact, owner.members) == ("author@example.com", ("author@example.com",))


def test_without_an_identity_the_owner_is_an_example(desk: Desk) -> None:
    plan = plan_init(desk.path, {**desk.environ, "GIT_CONFIG_GLOBAL": "/dev/null"})
    apply_init(plan)
    owner = load(desk.open().working_tree()).snapshot.configuration.owners["team"]
    assert (owner.contact, owner.members) == ("team@example.com", ())


def test_a_plan_writes_nothing(desk: Desk) -> None:
    plan = plan_init(desk.path / "new/folder", desk.environ)
    assert plan.new_repository
    assert list(desk.path.iterdir()) == []


def test_files_that_exist_are_kept_byte_for_byte(desk: Desk) -> None:
    desk.write({"partials/tone.j2": "Mine.", ".pre-commit-config.yaml": "repos: []\n"})
    plan = make(desk)
    assert set(plan.kept) == {"partials/tone.j2", ".pre-commit-config.yaml"}
    assert (desk.path / "partials/tone.j2").read_text() == "Mine."
    assert (desk.path / ".pre-commit-config.yaml").read_text() == "repos: []\n"
    assert "promptreg validate" in plan.hooks_by_hand


def test_a_second_run_changes_nothing(desk: Desk) -> None:
    make(desk)
    before = {name: (desk.path / name).read_bytes() for name in files_below(desk.path)}
    assert make(desk).files == ()
    assert {name: (desk.path / name).read_bytes() for name in files_below(desk.path)} == before


@pytest.mark.parametrize("way", ["promptreg.yaml", "prompts/welcome.prompt.yaml"])
def test_a_folder_in_the_place_of_a_file_stops_it(desk: Desk, way: str) -> None:
    (desk.path / way).mkdir(parents=True)
    with pytest.raises(RefusedError, match="not a regular file"):
        make(desk)
    assert files_below(desk.path) == set()


def test_a_file_in_the_place_of_a_folder_stops_it(desk: Desk) -> None:
    desk.write({"prompts": "not a folder"})
    with pytest.raises(RefusedError, match="`prompts` is not a folder"):
        make(desk)
    assert files_below(desk.path) == {"prompts"}


def test_a_link_is_never_written_through(desk: Desk, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (desk.path / "prompts").symlink_to(outside)
    with pytest.raises(RefusedError):
        make(desk)
    assert list(outside.iterdir()) == []


def test_what_was_written_is_taken_back_when_something_gets_in_the_way(desk: Desk) -> None:
    plan = plan_init(desk.path, desk.environ)
    desk.write({"promptreg.yaml": "# made since\n"})
    with pytest.raises(RefusedError, match="exists already"):
        apply_init(plan)
    assert [path.name for path in desk.path.iterdir()] == ["promptreg.yaml"]


def test_a_new_folder_is_taken_back_too(desk: Desk) -> None:
    plan = plan_init(desk.path / "a/b", desk.environ)
    desk.write({"a/b/promptreg.yaml": "# made since\n"})
    with pytest.raises(RefusedError):
        apply_init(plan)
    assert files_below(desk.path) == {"a/b/promptreg.yaml"}
    assert [path.name for path in (desk.path / "a/b").iterdir()] == ["promptreg.yaml"]


def test_below_a_repository_hooks_and_workflow_go_to_its_top(desk: Desk) -> None:
    desk.git("init", "--quiet", "-b", "trunk")
    plan = make(desk, "teams/my prompts")
    assert not plan.new_repository
    assert files_below(desk.path) == {
        ".github/workflows/promptreg.yml",
        ".pre-commit-config.yaml",
        "teams/my prompts/.gitattributes",
        "teams/my prompts/partials/tone.j2",
        "teams/my prompts/promptreg.yaml",
        "teams/my prompts/prompts/welcome.prompt.yaml",
        "teams/my prompts/prompts/welcome.system.j2",
    }
    reading = read_yaml("hooks", (desk.path / ".pre-commit-config.yaml").read_text())
    assert reading.findings == ()
    entry = at_route(reading.value, ("repos", 0, "hooks", 0, "entry"))
    assert entry == "promptreg -C 'teams/my prompts' validate"
    assert load(desk.open("teams/my prompts").working_tree()).findings == ()


def test_manifests_that_are_there_need_no_example(desk: Desk) -> None:
    desk.write({"agents/bot.agent.yaml": "kind: Agent\n"})
    assert make(desk).example == ""
    assert not (desk.path / "prompts").exists()


def test_what_broke_off_is_finished_by_a_second_run(desk: Desk) -> None:
    plan = plan_init(desk.path, desk.environ)
    first = plan.files[0]
    desk.write({first.path: first.text})
    assert make(desk).kept == (first.path,)
    assert load(desk.open().working_tree()).findings == ()


def test_another_manifest_in_the_examples_place_needs_no_example(desk: Desk) -> None:
    desk.write({"prompts/welcome.prompt.yaml": "kind: Prompt\n"})
    assert make(desk).example == ""


def test_a_link_in_the_examples_place_is_left_alone(desk: Desk) -> None:
    (desk.path / "prompts").mkdir()
    (desk.path / "prompts/welcome.prompt.yaml").symlink_to("nowhere")
    assert make(desk).example == ""


@pytest.mark.parametrize("folder", ["a:b", "nul", "x" * 300 + "/y"])
def test_a_folder_that_not_every_checkout_can_hold(desk: Desk, folder: str) -> None:
    with pytest.raises((RefusedError, OSError)):
        plan_init(desk.path / folder, desk.environ)
    assert files_below(desk.path) == set()


def test_the_workflow_is_yaml_and_installs_from_no_index(desk: Desk) -> None:
    make(desk)
    text = (desk.path / ".github/workflows/promptreg.yml").read_text()
    assert read_yaml("workflow", text).findings == ()
    assert "install promptreg" not in text
    assert "fetch-depth: 0" in text


@pytest.mark.parametrize("name", ["true", "123", "1.5", "null", "no", "a.b-c"])
def test_any_name_is_text(desk: Desk, name: str) -> None:
    make(desk, name=name)
    assert load(desk.open().working_tree()).snapshot.configuration.name == name


@pytest.mark.parametrize("name", ["two words", "-x", "ä", "a\n"])
def test_a_name_that_cannot_be(desk: Desk, name: str) -> None:
    with pytest.raises(UsageError, match="can't name a registry"):
        plan_init(desk.path, desk.environ, name=name)


def test_a_folder_without_letters_still_gets_a_name(desk: Desk) -> None:
    make(desk, "äöü")
    assert load(desk.open("äöü").working_tree()).snapshot.configuration.name == "registry"


def test_a_file_is_no_folder(desk: Desk) -> None:
    desk.write({"file": ""})
    with pytest.raises(UsageError, match="not a folder"):
        plan_init(desk.path / "file", desk.environ)


def test_a_bare_repository_is_refused(desk: Desk) -> None:
    desk.git("init", "--quiet", "--bare")
    with pytest.raises(GitError):
        plan_init(desk.path, desk.environ)


def test_without_git_nothing_is_written(desk: Desk) -> None:
    with pytest.raises(GitError, match="git is not installed"):
        plan_init(desk.path, {**desk.environ, "PATH": "/nowhere"})


@settings(deadline=None, max_examples=300)
@given(st.text())
def test_a_scalar_reads_back_as_the_text_or_not_at_all(text: str) -> None:
    reading = read_yaml("x", f"key: {scalar(text)}\n")
    assert reading.value == {"key": text} or reading.findings


def test_git_is_told_how_to_merge_only_where_that_is_asked_for(desk: Desk) -> None:
    make(desk)
    attributes = desk.path / ".gitattributes"
    assert attributes.read_text() == "environments/*.yaml merge=promptreg-environment\n"
    assert "promptreg-environment" not in (desk.path / ".git/config").read_text()
    plan = plan_init(desk.path, desk.environ)
    assert plan.files == ()
    for _ in range(2):
        apply_init(plan, merge_driver=True)
    said = desk.git("config", "--get-all", "merge.promptreg-environment.driver")
    assert said == "promptreg merge-environment %O %A %B %P"
    desk.write({"environments/x.yaml": "x"})
    assert desk.git("check-attr", "merge", "environments/x.yaml").endswith("promptreg-environment")


def test_attributes_that_are_there_are_kept(desk: Desk) -> None:
    desk.write({".gitattributes": "* text=auto\n"})
    plan = make(desk)
    assert plan.attribute_by_hand == "environments/*.yaml merge=promptreg-environment"
    assert (desk.path / ".gitattributes").read_text() == "* text=auto\n"
    desk.write({".gitattributes": plan.attribute_by_hand + "\n"})
    assert plan_init(desk.path, desk.environ).attribute_by_hand == ""
