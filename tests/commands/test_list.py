from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from promptreg.checks.example import PROMPT, Example
from promptreg.commands.between_runs import between_runs
from promptreg.commands.list_entries import Wanted, list_entries
from promptreg.commands.schema import schema
from promptreg.errors import GitError, RegistryError, SelectorError
from promptreg.registry.heads import KnownHeads, read_head
from promptreg.registry.manifests import read_manifests
from promptreg.registry.workspace import Workspace
from promptreg.reporters.entry_list import broken_note, list_lines
from promptreg.reporters.lines import plain
from promptreg.reporters.values import result_text

if TYPE_CHECKING:
    from tests.commands.conftest import Desk

HEAD = "apiVersion: promptreg/v1\nowner: team\nrisk: low\n"


def prompt(name: str, more: str = "lifecycle: active") -> str:
    return f"{HEAD}kind: Prompt\nname: {name}\nmessages: [{{role: user, content: Hi}}]\n{more}\n"


def agent(name: str, more: str = "lifecycle: draft") -> str:
    return f"{HEAD}kind: Agent\nname: {name}\n{more}\n"


FILES = {
    "prompts/a.prompt.yaml": prompt("a", "lifecycle: active\nlabels: {x: '1', y: '2'}"),
    "prompts/b/c.prompt.yaml": prompt("b/c", "lifecycle: retired\nlabels: {x: '1'}"),
    "agents/bot.agent.yaml": agent("bot"),
}


def names(workspace: Workspace, wanted: Wanted | None = None, revision: str = "") -> list[str]:
    listing = list_entries(workspace, wanted or Wanted(), revision=revision)
    return [entry.name for entry in listing.entries]


def test_entries_are_sorted_by_name(desk: Desk) -> None:
    assert names(desk.registry(FILES)) == ["a", "b/c", "bot"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(kind="prompt"), ["a", "b/c"]),
        (Wanted(kind="agent"), ["bot"]),
        (Wanted(lifecycle="retired"), ["b/c"]),
        (Wanted(owner="team"), ["a", "b/c", "bot"]),
        (Wanted(labels=(("x", "1"),)), ["a", "b/c"]),
        (Wanted(labels=(("x", "1"), ("y", "2"))), ["a"]),
        (Wanted(labels=(("x", "2"),)), []),
        (Wanted(kind="prompt", lifecycle="draft"), []),
        (Wanted(environment="staging"), []),
    ],
)
def test_filters_must_all_hold(desk: Desk, wanted: Wanted, expected: list[str]) -> None:
    assert names(desk.registry(FILES), wanted) == expected


@pytest.mark.parametrize(
    ("wanted", "hint"),
    [
        (Wanted(owner="taem"), "did you mean `team`?"),
        (Wanted(environment="prodution"), "there is `production`"),
    ],
)
def test_what_nobody_declared_is_an_error(desk: Desk, wanted: Wanted, hint: str) -> None:
    with pytest.raises(SelectorError) as raised:
        list_entries(desk.registry(FILES), wanted)
    assert raised.value.hint == hint


@pytest.mark.parametrize(
    ("released", "latest"),
    [
        (["1.0.0", "1.10.0", "1.9.0"], "1.10.0"),
        (["1.0.0", "2.0.0-rc.1"], "1.0.0"),
        (["0.1.0-rc.2", "0.1.0-rc.10"], "0.1.0-rc.10"),
        ([], None),
    ],
)
def test_the_latest_release(desk: Desk, released: list[str], latest: str | None) -> None:
    desk.registry(FILES)
    for version in released:
        desk.git("tag", f"a@v{version}")
    desk.git("tag", "a/other@v9.9.9")
    entry = list_entries(desk.open(), Wanted()).entries[0]
    assert (str(entry.latest) if entry.latest else None) == latest


def test_where_entries_run(desk: Desk) -> None:
    desk.registry(FILES)
    digest = desk.release("a", "1.0.0")
    desk.point("production", "a", "1.0.0", digest)
    desk.point("staging", "a", "1.0.0", digest)
    entry = list_entries(desk.open(), Wanted(environment="production")).entries[0]
    assert [(one.environment, str(one.version)) for one in entry.environments] == [
        ("staging", "1.0.0"),
        ("production", "1.0.0"),
    ]


def test_an_edited_environment_counts_when_it_is_committed(desk: Desk) -> None:
    desk.registry(FILES)
    digest = desk.release("a", "1.0.0")
    desk.point("staging", "a", "1.0.0", digest)
    desk.write({"environments/staging.yaml": "broken: ["})
    assert names(desk.open(), Wanted(environment="staging")) == ["a"]


def test_a_broken_environment_is_a_note(desk: Desk) -> None:
    workspace = desk.registry({**FILES, "environments/staging.yaml": "broken: ["})
    listing = list_entries(workspace, Wanted())
    assert len(listing.entries) == 3
    assert "`staging` is left out" in listing.notes[0]


def test_an_environments_branch_that_is_missing_is_a_note(desk: Desk) -> None:
    workspace = desk.registry(FILES)
    place = desk.path / "promptreg.yaml"
    place.write_text(place.read_text() + "environments_branch: deploy\n")
    listing = list_entries(workspace, Wanted())
    assert len(listing.entries) == 3
    assert "no branch `deploy`" in listing.notes[0]


def test_of_a_revision(desk: Desk) -> None:
    desk.registry(FILES)
    desk.git("rm", "-q", "prompts/a.prompt.yaml")
    desk.commit("remove")
    assert names(desk.open()) == ["b/c", "bot"]
    listing = list_entries(desk.open(), Wanted(), revision="HEAD~1")
    assert [entry.name for entry in listing.entries] == ["a", "b/c", "bot"]
    assert listing.tree.startswith("commit ")


def test_an_unknown_revision(desk: Desk) -> None:
    with pytest.raises((GitError, SelectorError)):
        list_entries(desk.registry(FILES), Wanted(), revision="nowhere")


def test_without_git(desk: Desk) -> None:
    assert names(desk.registry(FILES, git=False)) == ["a", "b/c", "bot"]


def test_without_commits(desk: Desk) -> None:
    desk.git("init", "--quiet")
    assert names(desk.registry(FILES, git=False)) == ["a", "b/c", "bot"]


def test_a_shallow_clone_says_that_releases_may_be_missing(desk: Desk) -> None:
    desk.registry(FILES)
    desk.commit("second")
    desk.git("tag", "a@v1.0.0")
    desk.git("clone", "-q", "--depth=1", "--no-tags", f"file://{desk.path}", "clone")
    listing = list_entries(desk.open("clone"), Wanted())
    assert "git fetch --unshallow --tags" in listing.notes[0]
    assert listing.entries[0].latest is None


@pytest.mark.parametrize("option", ["--no-tags", "--filter=blob:none"])
def test_a_clone_without_tags_says_so(desk: Desk, option: str) -> None:
    desk.registry(FILES)
    desk.git("config", "uploadpack.allowFilter", "true")
    desk.git("clone", "-q", option, f"file://{desk.path}", "clone")
    assert "git fetch --tags" in list_entries(desk.open("clone"), Wanted()).notes[0]


def test_a_running_release_without_a_tag_is_a_note(desk: Desk) -> None:
    desk.registry(FILES)
    desk.point("staging", "a", "1.0.0", desk.release("a", "1.0.0"))
    desk.git("tag", "-d", "a@v1.0.0")
    desk.git("tag", "b/c@v1.0.0")
    notes = list_entries(desk.open(), Wanted()).notes
    assert notes == ("no tag here for what runs: a 1.0.0 in staging; `git fetch --tags` gets it",)


def test_broken_manifests_are_named_and_hide_no_others(desk: Desk) -> None:
    broken = {
        "prompts/bad.prompt.yaml": "kind: [",
        "prompts/twin.prompt.yaml": prompt("twin"),
        "agents/twin.agent.yaml": agent("twin"),
    }
    listing = list_entries(desk.registry({**FILES, **broken}), Wanted())
    assert [entry.name for entry in listing.entries] == ["a", "b/c", "bot"]
    assert listing.broken == (
        "agents/twin.agent.yaml",
        "prompts/bad.prompt.yaml",
        "prompts/twin.prompt.yaml",
    )


def test_a_missing_template_does_not_hide_a_manifest(desk: Desk) -> None:
    text = prompt("a").replace("content: Hi", "template: nowhere.j2")
    assert names(desk.registry({"prompts/a.prompt.yaml": text})) == ["a"]


def test_a_broken_configuration_is_an_error(desk: Desk) -> None:
    with pytest.raises(RegistryError):
        list_entries(desk.registry({"promptreg.yaml": "name: ["}), Wanted())


def test_the_note_on_broken_manifests_is_bounded_and_printable() -> None:
    note = broken_note(("a\x1b[31m.yaml", *(f"{index}.yaml" for index in range(9))))
    assert "\x1b" not in note
    assert "10 manifests are broken" in note
    assert "and 5 more" in note


def test_a_table_has_a_line_for_each_entry(desk: Desk) -> None:
    text = plain(list_lines(list_entries(desk.registry(FILES), Wanted())))
    assert text.splitlines()[1].split() == ["a", "prompt", "active", "low", "team", "-", "-"]
    assert len(text.splitlines()) == 4
    assert not any(line.endswith(" ") for line in text.splitlines())


def test_json_fits_its_schema(desk: Desk) -> None:
    desk.registry(FILES)
    digest = desk.release("a", "1.0.0")
    desk.point("staging", "a", "1.0.0", digest)
    listing = list_entries(desk.open(), Wanted())
    Draft202012Validator(json.loads(schema("output/list"))).validate(
        json.loads(result_text("list", listing))
    )


def test_the_example_registry_is_listed() -> None:
    root = Path(__file__).parents[2] / "examples"
    listing = list_entries(Workspace(root, None), Wanted())
    assert len(listing.entries) > 20
    assert listing.broken == ()


def test_what_is_known_of_manifests_is_told_as_if_they_were_read(desk: Desk) -> None:
    workspace = desk.registry(FILES)
    cold = list_entries(workspace, Wanted())
    assert list_entries(workspace, Wanted(), cached=True) == cold
    with between_runs(workspace, "manifests", KnownHeads, cached=True) as heads:
        assert read_manifests(workspace.working_tree(), heads) == read_manifests(
            workspace.working_tree()
        )
        assert len(heads.used) == len(cold.entries)
        assert not heads.news


def test_a_manifest_that_changed_is_read(desk: Desk) -> None:
    workspace = desk.registry(FILES)
    list_entries(workspace, Wanted(), cached=True)
    for path in FILES:
        place = workspace.root / path
        place.write_text(place.read_text().replace("owner: ", "owner:  ").replace("low", "high"))
    copy = next(path for path in FILES if path.endswith(".prompt.yaml"))
    (workspace.root / "prompts/copy.prompt.yaml").write_text((workspace.root / copy).read_text())
    (workspace.root / "prompts/broken.prompt.yaml").write_text("kind: [")
    cold = list_entries(workspace, Wanted())

    assert len(cold.broken) == 3
    assert list_entries(workspace, Wanted(), cached=True) == cold
    assert list_entries(workspace, Wanted(), cached=True) == cold


@pytest.mark.parametrize(
    "line", [b"[]", b"{", b"{}", b"[1,2,3,4,5,6,[]]", b'["a","b","c","d","e","f",[["g",1]]]']
)
def test_lines_of_something_else_are_no_heads(line: bytes) -> None:
    content = Example().tree()[PROMPT].encode()
    first = KnownHeads(dict)
    cold = read_head("p", content, "Prompt")
    assert first.head("p", content, "Prompt") == cold
    second = KnownHeads(lambda: dict.fromkeys(first.news, line))

    assert second.head("p", content, "Prompt") == cold
    assert second.news == first.news
