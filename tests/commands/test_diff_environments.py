"""`diff --env`: what runs in one environment against what runs in another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from promptreg.cli.app import run
from promptreg.commands.diff_environments import diff_environments
from promptreg.errors import SelectorError, UsageError
from promptreg.releases.comparison import Comparison, EntryComparison, Status

if TYPE_CHECKING:
    from tests.commands.conftest import Desk

    from promptreg.registry.workspace import Workspace

PROMPT = """\
apiVersion: promptreg/v1
kind: Prompt
name: {name}
description: An example.
owner: team
lifecycle: active
risk: low
messages:
  - {{role: user, content: "{text}"}}
tests:
  - {{name: one, expect: [{{contains: e}}]}}
"""


def write(desk: Desk, name: str, text: str) -> None:
    desk.write({f"prompts/{name}.prompt.yaml": PROMPT.format(name=name, text=text)})
    desk.commit(f"{name}: {text}")


@pytest.fixture
def stages(desk: Desk) -> Workspace:
    """`a` moved on in staging, `b` runs there alone, `c` in production alone, `d` in both."""
    desk.registry({})
    for name in "abcd":
        write(desk, name, "before")
        digest = desk.release(name, "1.0.0")
        for environment in {"b": ("staging",), "c": ("production",)}.get(
            name, ("staging", "production")
        ):
            desk.point(environment, name, "1.0.0", digest)
    write(desk, "a", "then")
    desk.point("staging", "a", "1.1.0", desk.release("a", "1.1.0"))
    return desk.open()


def by_name(found: Comparison) -> dict[str, EntryComparison]:
    return {one.name: one for one in found.entries}


def test_only_what_runs_otherwise_is_told_with_its_versions(stages: Workspace) -> None:
    found = by_name(diff_environments(stages, "production", "staging"))
    versions = {
        name: (one.status, str(one.before_version), str(one.version)) for name, one in found.items()
    }
    assert versions == {
        "a": (Status.CHANGED, "1.0.0", "1.1.0"),
        "b": (Status.ADDED, "None", "1.0.0"),
        "c": (Status.REMOVED, "1.0.0", "None"),
    }
    assert [fact.kind for fact in found["a"].changes] == ["text-changed"]


def test_names_pick_entries(stages: Workspace) -> None:
    assert set(by_name(diff_environments(stages, "production", "staging", ["a", "d"]))) == {"a"}
    with pytest.raises(SelectorError, match="runs neither in `production` nor in `staging`"):
        diff_environments(stages, "production", "staging", ["aa"])


def test_tests_are_rendered_on_the_sides_that_run_the_entry(stages: Workspace) -> None:
    found = by_name(diff_environments(stages, "production", "staging", rendered=True))
    ((one,), (added,), (removed,)) = (found[name].rendered for name in "abc")
    assert one.base
    assert one.head
    assert [side.messages[0].parts[0].text for side in (one.base, one.head)] == ["before", "then"]
    assert (added.base, removed.head) == (None, None)
    assert added.head
    assert removed.base


def test_another_release_of_the_same_content_is_told(desk: Desk) -> None:
    desk.registry({})
    write(desk, "a", "before")
    desk.point("production", "a", "1.0.0", desk.release("a", "1.0.0"))
    desk.point("staging", "a", "1.0.1", desk.release("a", "1.0.1"))
    (one,) = diff_environments(desk.open(), "production", "staging").entries
    assert (one.status, str(one.version)) == (Status.UNCHANGED_CONTENT, "1.0.1")


def test_a_release_that_cannot_be_read_hides_no_other(stages: Workspace, desk: Desk) -> None:
    desk.git("tag", "-d", "a@v1.1.0")
    found = diff_environments(stages, "production", "staging")
    assert set(by_name(found)) == {"b", "c"}
    assert found.notes[0].startswith("`a` can't be compared: ")


def test_the_same_and_unknown_environments_are_refused(stages: Workspace) -> None:
    with pytest.raises(UsageError, match="the same on both sides"):
        diff_environments(stages, "staging", "staging")
    with pytest.raises(SelectorError, match="there is no environment `stagin`"):
        diff_environments(stages, "production", "stagin")


def test_the_command(stages: Workspace, desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["diff", "-C", str(desk.path)]
    assert run([*where, "--env", "production", "staging"]) == 0
    text = capsys.readouterr().out
    assert "a  1.0.0 -> 1.1.0  prompts/a.prompt.yaml" in text
    assert "b  1.0.0  added: prompts/b.prompt.yaml" in text
    assert run([*where, "--env", "production", "staging", "--base", "HEAD"]) == 2
    assert "`--env` compares environments" in capsys.readouterr().err
    assert run([*where, "--env", "production", "staging", "d"]) == 0
    assert "No differences" in capsys.readouterr().out
