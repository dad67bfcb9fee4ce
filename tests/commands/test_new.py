from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from promptreg.commands.new import NewEntry, apply_new, plan_new
from promptreg.errors import RefusedError, RegistryError, UsageError
from promptreg.registry.load import load

if TYPE_CHECKING:
    from tests.commands.conftest import Desk

CONFIGURATION = """\
apiVersion: promptreg/v1
kind: Registry
name: test
owners: {%s}
roots: [%s]
"""


def configuration(owners: str = "team: {}", roots: str = "prompts, agents") -> str:
    return CONFIGURATION % (owners, roots)


@pytest.mark.parametrize(
    ("wanted", "paths"),
    [
        (NewEntry("prompt", "a/b"), ["prompts/a/b.prompt.yaml", "prompts/a/b.system.j2"]),
        (
            NewEntry("prompt", "a/b", folder=True),
            ["prompts/a/b/prompt.yaml", "prompts/a/b/system.j2"],
        ),
        (NewEntry("agent", "bot"), ["agents/bot.agent.yaml"]),
        (NewEntry("agent", "bot", folder=True), ["agents/bot/agent.yaml"]),
        (
            NewEntry("prompt", "123", risk="high"),
            ["prompts/123.prompt.yaml", "prompts/123.system.j2"],
        ),
        (NewEntry("prompt", "null"), ["prompts/null.prompt.yaml", "prompts/null.system.j2"]),
    ],
)
def test_a_new_entry_is_valid_at_once(desk: Desk, wanted: NewEntry, paths: list[str]) -> None:
    workspace = desk.registry({})
    plan = plan_new(workspace, wanted)
    assert [file.path for file in plan.files] == paths
    apply_new(workspace, plan)
    loaded = load(desk.open().working_tree())
    assert loaded.findings == ()
    entry = loaded.snapshot.entries[wanted.name]
    assert loaded.snapshot.expected_names[entry.path] == wanted.name
    assert (entry.kind.lower(), entry.manifest.owner) == (wanted.kind, "team")
    assert (entry.manifest.lifecycle, entry.manifest.risk) == ("draft", wanted.risk)
    assert set(entry.templates) == set(paths[1:])


def test_a_plan_writes_nothing(desk: Desk) -> None:
    workspace = desk.registry({})
    plan_new(workspace, NewEntry("prompt", "a"))
    assert not (desk.path / "prompts").exists()


@pytest.mark.parametrize(
    "path",
    [
        "prompts/taken.prompt.yaml",
        "prompts/taken.prompt.yml",
        "prompts/taken/prompt.yaml",
        "agents/taken.agent.yaml",
        "agents/taken/agent.yaml",
    ],
)
@pytest.mark.parametrize("kind", ["prompt", "agent"])
def test_a_name_is_taken_even_by_a_broken_manifest(desk: Desk, path: str, kind: str) -> None:
    workspace = desk.registry({path: "broken: ["})
    with pytest.raises(RefusedError, match="there is a `taken` already") as raised:
        plan_new(workspace, NewEntry(kind, "taken"))
    assert raised.value.where == path


def test_a_name_is_taken_by_a_misplaced_manifest(desk: Desk) -> None:
    text = (
        "apiVersion: promptreg/v1\nkind: Prompt\nname: taken\nowner: team\nlifecycle: draft\n"
        "risk: low\nmessages: [{role: user, content: Hi}]\n"
    )
    workspace = desk.registry({"prompts/elsewhere.prompt.yaml": text})
    with pytest.raises(RefusedError) as raised:
        plan_new(workspace, NewEntry("prompt", "taken"))
    assert raised.value.where == "prompts/elsewhere.prompt.yaml"


@pytest.mark.parametrize("path", ["prompts/a.prompt.yaml", "prompts/a.system.j2"])
def test_a_file_that_git_ignores_is_not_written_over(desk: Desk, path: str) -> None:
    workspace = desk.registry({".gitignore": "a.*\n"})
    desk.write({path: "mine"})
    with pytest.raises(RefusedError, match="exists"):
        plan_new(workspace, NewEntry("prompt", "a"))
    assert (desk.path / path).read_text() == "mine"


def test_nothing_is_left_where_a_file_appears_meanwhile(desk: Desk) -> None:
    workspace = desk.registry({})
    plan = plan_new(workspace, NewEntry("prompt", "x/a"))
    desk.write({"prompts/x/a.system.j2": "mine"})
    with pytest.raises(RefusedError, match="exists already"):
        apply_new(workspace, plan)
    assert [path.name for path in (desk.path / "prompts/x").iterdir()] == ["a.system.j2"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Support/Triage", "`support/triage` would do"),
        ("Grüße an alle", "`grusse-an-alle` would do"),
        ("a//b", "`a/b` would do"),
        ("../up", "`up` would do"),
        ("-x", "`x` would do"),
        ("", ""),
        ("con", ""),
        ("日本", ""),
        ("a" * 201, ""),
        ("a\nb", "`a-b` would do"),
    ],
)
def test_a_bad_name_is_refused_with_one_that_would_do(desk: Desk, name: str, hint: str) -> None:
    with pytest.raises(UsageError, match="can't be a name") as raised:
        plan_new(desk.registry({}), NewEntry("prompt", name))
    assert raised.value.hint == hint


def test_the_owner_has_to_be_named_where_there_are_several(desk: Desk) -> None:
    workspace = desk.registry({"promptreg.yaml": configuration("a: {}, b: {}")})
    with pytest.raises(UsageError, match="owner isn't clear") as raised:
        plan_new(workspace, NewEntry("prompt", "x"))
    assert raised.value.hint == "there is `a`, `b`"
    assert "owner: b" in plan_new(workspace, NewEntry("prompt", "x", owner="b")).files[0].text


def test_an_unknown_owner_names_the_nearest(desk: Desk) -> None:
    with pytest.raises(UsageError, match="no owner `taem`") as raised:
        plan_new(desk.registry({}), NewEntry("prompt", "x", owner="taem"))
    assert raised.value.hint == "did you mean `team`?"


def test_an_unknown_risk(desk: Desk) -> None:
    with pytest.raises(UsageError, match="`huge` is no risk"):
        plan_new(desk.registry({}), NewEntry("prompt", "x", risk="huge"))


@pytest.mark.parametrize(
    ("roots", "path"),
    [
        ("lib/prompts, lib/agents", "lib/prompts/x.prompt.yaml"),
        ("agents, texts, prompts", "prompts/x.prompt.yaml"),
        ("agents, texts", "texts/x.prompt.yaml"),
    ],
)
def test_the_root_is_the_first_that_fits(desk: Desk, roots: str, path: str) -> None:
    workspace = desk.registry({"promptreg.yaml": configuration(roots=roots)})
    plan = plan_new(workspace, NewEntry("prompt", "x"))
    assert plan.files[0].path == path
    apply_new(workspace, plan)
    assert load(desk.open().working_tree()).findings == ()


def test_without_a_root_that_fits_there_is_no_place(desk: Desk) -> None:
    workspace = desk.registry({"promptreg.yaml": configuration(roots="agents, policies")})
    with pytest.raises(RegistryError, match="takes prompts"):
        plan_new(workspace, NewEntry("prompt", "x"))


def test_without_git_a_new_entry_can_be_made(desk: Desk) -> None:
    workspace = desk.registry({}, git=False)
    apply_new(workspace, plan_new(workspace, NewEntry("prompt", "x")))
    assert load(desk.open().working_tree()).findings == ()


def test_a_name_that_was_released_before_is_told(desk: Desk) -> None:
    workspace = desk.registry({})
    apply_new(workspace, plan_new(workspace, NewEntry("prompt", "x")))
    desk.commit()
    desk.release("x", "1.2.0")
    desk.git("rm", "-rq", "prompts")
    notes = plan_new(desk.open(), NewEntry("prompt", "x")).notes
    assert notes == ("`x` was released before, up to 1.2.0; its releases go on from there",)


@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(description=st.text(min_size=1))
def test_any_description_is_kept_or_refused(desk: Desk, description: str) -> None:
    if not (desk.path / "promptreg.yaml").exists():
        desk.registry({}, git=False)
    workspace = desk.open()
    try:
        plan = plan_new(workspace, NewEntry("agent", "x", description=description))
    except UsageError as error:
        assert error.where == "--description"  # noqa: PT017 - refusal is one of two right answers
        return
    desk.write({file.path: file.text for file in plan.files})
    loaded = load(desk.open().working_tree())
    (desk.path / plan.files[0].path).unlink()
    assert loaded.snapshot.entries["x"].manifest.description == description
