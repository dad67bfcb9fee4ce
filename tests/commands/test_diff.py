from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from promptreg.cli.app import run
from promptreg.commands.diff import diff, diff_registry
from promptreg.commands.release import ReleaseRequest, plan_release
from promptreg.commands.schema import schema
from promptreg.errors import GitError, PromptregError, SelectorError, UsageError
from promptreg.releases.apply import Writers, apply
from promptreg.releases.comparison import Comparison
from promptreg.releases.releasing import Wanted
from promptreg.reporters.diff import diff_lines
from promptreg.reporters.lines import plain
from promptreg.reporters.values import result_text
from promptreg.store.git.commits import Signature

if TYPE_CHECKING:
    from tests.commands.conftest import Desk

PROMPT = """\
apiVersion: promptreg/v1
kind: Prompt
name: {name}
description: An example.
owner: team
lifecycle: active
risk: low
inputs:
  message: {{type: string, description: The words.}}
messages:
  - {{role: system, template: {stem}.j2}}
  - {{role: user, content: "{{{{ message }}}}"}}
tests:
  - {{name: one, inputs: {{message: Hi}}, expect: [{{contains: Hi}}]}}
"""
AGENT = """\
apiVersion: promptreg/v1
kind: Agent
name: bot
description: An example.
purpose: Helps.
owner: team
lifecycle: active
risk: low
model: {name: gpt-5}
prompts: {triage: "support/triage@^1.0"}
"""
MANIFEST, TEMPLATE = "prompts/support/triage.prompt.yaml", "prompts/support/triage.j2"


def prompt(name: str) -> str:
    return PROMPT.format(name=name, stem=name.rpartition("/")[2])


FILES = {
    MANIFEST: prompt("support/triage"),
    TEMPLATE: "Sort mail.\n{% include 'tone.j2' %}\n",
    "prompts/support/reply.prompt.yaml": prompt("support/reply"),
    "prompts/support/reply.j2": "Reply.\n",
    "partials/tone.j2": "Be kind.\n",
    "README.md": "Not the registry's.\n",
}


def statuses(comparison: Comparison) -> dict[str, str]:
    return {one.name: one.status.value for one in comparison.entries}


def others(comparison: Comparison) -> list[str]:
    return [one.path for one in comparison.other_files]


def facts(comparison: Comparison) -> list[str]:
    return [fact.kind for one in comparison.entries for fact in one.changes]


def text(comparison: Comparison) -> str:
    return plain(diff_lines(comparison))


def test_a_clean_tree_has_no_differences(desk: Desk) -> None:
    found = diff_registry(desk.registry(FILES), "HEAD")
    assert (found.entries, found.other_files) == ((), ())
    assert text(found).endswith("No differences\n")


def test_every_kind_of_edit_of_the_working_tree_is_seen(desk: Desk) -> None:
    desk.registry({**FILES, ".gitignore": "*.bak.j2\n"})
    desk.write(
        {
            "partials/tone.j2": "Be brief.\n",
            "prompts/new.prompt.yaml": prompt("new"),
            "prompts/new.j2": "New.\n",
            "prompts/left.bak.j2": "ignored\n",
            "prompts/left.j2": "unused\n",
            "README.md": "Still not the registry's.\n",
        }
    )
    (desk.path / "prompts/support/reply.prompt.yaml").unlink()
    found = diff_registry(desk.open(), "HEAD")
    assert statuses(found) == {
        "new": "added",
        "support/reply": "removed",
        "support/triage": "changed",
    }
    assert others(found) == ["prompts/left.j2"]


def test_neither_flags_nor_times_hide_a_change(desk: Desk) -> None:
    desk.registry(FILES)
    desk.git("update-index", "--assume-unchanged", TEMPLATE)
    desk.git("update-index", "--skip-worktree", "prompts/support/reply.j2")
    for path in (TEMPLATE, "prompts/support/reply.j2"):
        place = desk.path / path
        before = place.stat()
        place.write_bytes(place.read_bytes().replace(b".", b"!", 1))
        os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert statuses(diff_registry(desk.open(), "HEAD")) == {
        "support/reply": "changed",
        "support/triage": "changed",
    }


def test_attributes_and_drivers_hide_nothing(desk: Desk, tmp_path: Path) -> None:
    desk.registry(FILES)
    desk.write({".gitattributes": "*.j2 -diff diff=evil filter=evil\n", TEMPLATE: "Other.\n"})
    for key in ("diff.evil.command", "diff.evil.textconv", "filter.evil.clean"):
        desk.git("config", key, f"touch {tmp_path}/pwned; cat")
    assert statuses(diff_registry(desk.open(), "HEAD")) == {"support/triage": "changed"}
    assert not (tmp_path / "pwned").exists()


def test_a_checkout_with_other_line_ends_is_no_change(desk: Desk) -> None:
    desk.registry(FILES)
    for path in (desk.path / "prompts").rglob("*.*"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    found = diff_registry(desk.open(), "HEAD")
    assert (found.entries, found.other_files) == ((), ())
    only = diff(desk.open(), "support/triage@git:HEAD")
    assert only.entries == ()


def test_committed_line_ends_are_told_to_mean_nothing(desk: Desk) -> None:
    desk.registry(FILES)
    place = desk.path / TEMPLATE
    place.write_bytes(place.read_bytes().replace(b"\n", b"\r\n"))
    desk.commit()
    found = diff_registry(desk.open(), "HEAD~1", head="HEAD")
    assert statuses(found) == {"support/triage": "unchanged-content"}
    assert found.entries[0].files == (TEMPLATE,)


def test_a_mode_is_no_content(desk: Desk) -> None:
    desk.registry(FILES)
    (desk.path / TEMPLATE).chmod(0o755)
    desk.commit()
    found = diff_registry(desk.open(), "HEAD~1", head="HEAD")
    assert (found.entries, found.other_files) == ((), ())


@pytest.mark.parametrize("committed", [True, False])
def test_a_link_in_the_place_of_a_template_is_told(desk: Desk, *, committed: bool) -> None:
    desk.registry(FILES)
    (desk.path / TEMPLATE).unlink()
    (desk.path / TEMPLATE).symlink_to("reply.j2")
    if committed:
        desk.commit()
    head = "HEAD" if committed else ""
    found = diff_registry(desk.open(), "HEAD~1" if committed else "HEAD", head=head)
    assert statuses(found) == {"support/triage": "broken"}
    assert {one.side for one in found.entries[0].problems} == {"head"}


def test_a_link_that_stays_is_silent(desk: Desk) -> None:
    desk.registry(FILES)
    (desk.path / "prompts/link.j2").symlink_to("support/reply.j2")
    desk.commit()
    found = diff_registry(desk.open(), "HEAD")
    assert (found.entries, found.other_files) == ((), ())


def test_names_that_act_are_escaped(desk: Desk) -> None:
    desk.registry(FILES)
    folder = os.fsencode(desk.path / "prompts")
    for name in (b"zz\xff.j2", b"a\x1b[31m.j2", "b\u202e.j2".encode(), b"c\n::error::x.j2"):
        with open(os.path.join(folder, name), "wb") as file:  # noqa: PTH118, PTH123 - bytes
            file.write(b"x")
    desk.write({TEMPLATE: "Other.\n"})
    found = diff_registry(desk.open(), "HEAD")
    assert statuses(found) == {"support/triage": "changed"}
    shown = text(found)
    for word in (r"zz\xff.j2", r"a\u{1b}[31m.j2", r"b\u{202e}.j2", r"c\u{a}::error::x.j2"):
        assert word in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    document = json.loads(result_text("diff", found))
    Draft202012Validator(json.loads(schema("output/diff"))).validate(document)


def test_a_registry_in_a_folder_tells_its_own_paths(desk: Desk) -> None:
    inner = {f"deep/er/{path}": data for path, data in FILES.items()}
    desk.registry({**inner, "deep/er/promptreg.yaml": _configuration()})
    (desk.path / "promptreg.yaml").unlink()
    desk.write({f"deep/er/{TEMPLATE}": "Other.\n", "outside.j2": "x"})
    found = diff_registry(desk.open("deep/er"), "HEAD")
    assert [one.files for one in found.entries] == [(TEMPLATE,)]
    assert others(found) == []


def _configuration() -> str:
    return (
        "apiVersion: promptreg/v1\nkind: Registry\nname: test\n"
        "owners: {team: {contact: team@example.com}}\n"
    )


def test_only_the_names_that_were_asked_for(desk: Desk) -> None:
    desk.registry(FILES)
    desk.write({TEMPLATE: "Other.\n", "prompts/support/reply.j2": "Other.\n", "prompts/x.j2": "x"})
    found = diff_registry(desk.open(), "HEAD", ["support/reply"])
    assert statuses(found) == {"support/reply": "changed"}
    assert others(found) == []
    with pytest.raises(SelectorError) as caught:
        diff_registry(desk.open(), "HEAD", ["support/repl"])
    assert "support/reply" in caught.value.hint
    with pytest.raises(UsageError):
        diff_registry(desk.open(), "HEAD", ["support/reply@1.0.0"])


def test_a_removed_or_renamed_name_can_be_asked_for(desk: Desk) -> None:
    desk.registry(FILES)
    for path in ("prompts/support/reply.prompt.yaml", MANIFEST):
        (desk.path / path).unlink()
    renamed = prompt("support/sort").replace("sort.j2", "triage.j2")
    desk.write({"prompts/support/sort.prompt.yaml": renamed + "renamed_from: support/triage\n"})
    found = diff_registry(desk.open(), "HEAD", ["support/reply", "support/triage"])
    assert statuses(found) == {"support/reply": "removed", "support/sort": "renamed"}
    assert "renamed from support/triage" in text(found)


def test_one_that_was_renamed_since_is_named(desk: Desk) -> None:
    released(desk)
    (desk.path / MANIFEST).unlink()
    renamed = prompt("support/sort").replace("sort.j2", "triage.j2")
    desk.write({"prompts/support/sort.prompt.yaml": renamed + "renamed_from: support/triage\n"})
    with pytest.raises(SelectorError) as caught:
        diff(desk.open(), "support/triage@1.0.0")
    assert "`promptreg diff support/triage@1.0.0 support/sort`" in caught.value.hint
    found = diff(desk.open(), "support/triage@1.0.0", "support/sort")
    assert statuses(found) == {"support/sort": "renamed"}


def test_a_sparse_checkout_is_told(desk: Desk) -> None:
    desk.registry(FILES)
    desk.git("update-index", "--skip-worktree", TEMPLATE)
    (desk.path / TEMPLATE).unlink()
    found = diff_registry(desk.open(), "HEAD")
    assert "sparse" in found.notes[0]
    assert diff_registry(desk.open(), "HEAD", head="HEAD").notes == ()


@pytest.mark.parametrize(
    ("base", "head"), [("nowhere", ""), ("HEAD", "nowhere"), ("HEAD:promptreg.yaml", "")]
)
def test_an_unknown_revision_is_an_error(desk: Desk, base: str, head: str) -> None:
    with pytest.raises(GitError):
        diff_registry(desk.registry(FILES), base, head=head)


def test_a_base_without_a_registry_is_an_error(desk: Desk) -> None:
    desk.write({"README.md": "x"})
    desk.git("init", "--quiet", "-b", "main")
    desk.commit()
    with pytest.raises(PromptregError) as caught:
        diff_registry(desk.registry(FILES), "HEAD~1")
    assert "there is no `promptreg.yaml`" in caught.value.what


def released(desk: Desk) -> None:
    desk.registry(FILES)
    desk.release("support/triage", "1.0.0")
    desk.write({TEMPLATE: "Sort letters.\n{% include 'tone.j2' %}\n"})
    desk.commit()
    desk.release("support/triage", "1.1.0")


def test_two_releases(desk: Desk) -> None:
    released(desk)
    found = diff(desk.open(), "support/triage@1.0.0", "support/triage@latest")
    assert facts(found) == ["text-changed"]
    assert (str(found.base.version), str(found.head.version)) == ("1.0.0", "1.1.0")
    assert "Sort [-mail-]{+letters+}." in text(found)


def test_a_release_and_the_working_tree(desk: Desk) -> None:
    released(desk)
    assert diff(desk.open(), "support/triage@latest").entries == ()
    desk.write({"partials/tone.j2": "Be brief.\n"})
    found = diff(desk.open(), "support/triage@latest")
    assert facts(found) == ["partial-changed"]
    assert (found.head.label, found.head.commit) == ("working tree", "")


def test_comments_are_told_to_mean_nothing(desk: Desk) -> None:
    released(desk)
    desk.write({MANIFEST: "# A comment.\n" + prompt("support/triage")})
    found = diff(desk.open(), "support/triage@latest")
    assert statuses(found) == {"support/triage": "unchanged-content"}


def test_two_entries_can_be_compared(desk: Desk) -> None:
    found = diff(desk.registry(FILES), "support/triage", "support/reply")
    assert statuses(found) == {"support/reply": "changed"}
    assert "compared with support/triage" in text(found)


@pytest.mark.parametrize(
    ("base", "head", "kind"),
    [
        ("support/triage", "", UsageError),
        ("support/triage@latest", "support/triage@latest", UsageError),
        ("support/triage@9.9.9", "", SelectorError),
        ("nobody@1.0.0", "", SelectorError),
        ("support/triage@git:nowhere", "", GitError),
    ],
)
def test_what_can_not_be_compared_is_an_error(
    desk: Desk, base: str, head: str, kind: type[PromptregError]
) -> None:
    released(desk)
    with pytest.raises(kind) as caught:
        diff(desk.open(), base, head)
    assert caught.value.hint


def test_a_broken_side_is_an_error(desk: Desk) -> None:
    desk.registry(FILES)
    desk.write({MANIFEST: prompt("support/triage") + "risk: high\n"})
    with pytest.raises(SelectorError) as caught:
        diff(desk.open(), "support/triage@git:HEAD")
    assert MANIFEST in caught.value.where


def test_a_text_that_neither_side_can_read_is_told(desk: Desk) -> None:
    desk.registry(FILES)
    (desk.path / TEMPLATE).write_bytes(b"caf\xe9")
    desk.commit()
    (desk.path / TEMPLATE).write_bytes(b"caf\xe8")
    assert statuses(diff(desk.open(), "support/triage@git:HEAD")) == {"support/triage": "broken"}
    assert others(diff_registry(desk.open(), "HEAD")) == [TEMPLATE]


def test_what_an_agent_pins_is_compared(desk: Desk) -> None:
    desk.registry({**FILES, "agents/bot.agent.yaml": AGENT})
    desk.release("support/triage", "1.0.0")
    workspace = desk.open()
    request = ReleaseRequest(("bot",), False, "", Wanted(None, None, ""))
    who = Signature("Example Author", "author@example.com", 1_767_600_000, "+0000")
    apply(workspace, plan_release(workspace, request, date(2026, 1, 5)), Writers(who, who))
    desk.write({TEMPLATE: "Sort letters.\n"})
    desk.commit()
    assert diff(desk.open(), "bot@latest").entries == ()
    desk.release("support/triage", "1.1.0")
    found = diff(desk.open(), "bot@latest")
    assert facts(found) == ["pin-changed"]
    shown = 'prompts.triage: "support/triage@1.0.0" -> "support/triage@1.1.0"'
    assert shown in text(found)


def test_rendered_tests_of_both_sides(desk: Desk) -> None:
    desk.registry(FILES)
    more = "  - {name: two, inputs: {message: Hi}, expect: [{contains: Hi}]}\n"
    desk.write(
        {
            TEMPLATE: "Sort letters of {{ message|upper }}.\n",
            MANIFEST: prompt("support/triage") + more,
        }
    )
    found = diff(desk.open(), "support/triage@git:HEAD", rendered=True)
    one, two = found.entries[0].rendered
    assert (one.test, one.differs, two.test, two.differs) == ("one", True, "two", True)
    assert one.base is not None
    assert one.head is not None
    assert [message.parts[0].text for message in one.base.messages] == [
        "Sort mail.\nBe kind.",
        "Hi",
    ]
    assert one.head.messages[0].parts[0].text == "Sort letters of HI."
    assert "[-Sort mail.-]" in text(found)
    assert "{+Sort letters of HI.+}" in text(found)


def test_a_side_that_does_not_render_says_why(desk: Desk) -> None:
    desk.registry(FILES)
    changed = prompt("support/triage").replace(
        "{type: string, description", "{type: integer, description"
    )
    desk.write({MANIFEST: changed, TEMPLATE: "{{ nobody }}"})
    found = diff_registry(desk.open(), "HEAD", rendered=True)
    (test,) = found.entries[0].rendered
    assert test.head is not None
    assert "`message`" in test.head.error
    desk.write({MANIFEST: prompt("support/triage")})
    (test,) = diff_registry(desk.open(), "HEAD", rendered=True).entries[0].rendered
    assert test.head is not None
    assert "`nobody`" in test.head.error
    assert f"{TEMPLATE}:1" in test.head.error


def test_inputs_that_a_side_does_not_know_are_left_out(desk: Desk) -> None:
    desk.registry(FILES)
    changed = prompt("support/triage").replace("inputs:\n", "inputs:\n  tier: {type: string}\n", 1)
    desk.write({MANIFEST: changed.replace("{message: Hi}", "{message: Ho, tier: pro}")})
    (test,) = diff(desk.open(), "support/triage@git:HEAD", rendered=True).entries[0].rendered
    assert test.notes == ("base has no input `tier`; it was left out there",)
    assert not test.differs
    assert test.base is not None
    assert test.base.messages[1].parts[0].text == "Ho"


def test_an_added_prompt_has_one_side(desk: Desk) -> None:
    desk.registry(FILES)
    desk.write({"prompts/new.prompt.yaml": prompt("new"), "prompts/new.j2": "New.\n"})
    found = diff_registry(desk.open(), "HEAD", rendered=True)
    (test,) = found.entries[0].rendered
    assert test.base is None
    assert "{+New.+}" in text(found)
    document = json.loads(result_text("diff", found))
    Draft202012Validator(json.loads(schema("output/diff"))).validate(document)


def command(desk: Desk, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.chdir(desk.path)
    for name, value in desk.environ.items():
        monkeypatch.setenv(name, value)
    return run(["diff", *words])


def test_the_exit_code_judges_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    released(desk)
    assert command(desk, monkeypatch, "support/triage@1.0.0", "support/triage@1.1.0") == 0
    assert b"[-mail-]{+letters+}" in capsysbinary.readouterr().out
    assert command(desk, monkeypatch, "--base", "HEAD") == 0
    assert b"No differences" in capsysbinary.readouterr().out
    assert command(desk, monkeypatch, "--base", "HEAD~1", "--format", "json") == 0
    document = json.loads(capsysbinary.readouterr().out)
    Draft202012Validator(json.loads(schema("output/diff"))).validate(document)
    assert "bump" not in json.dumps(document)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("a", "b", "c"),
        ("support/triage@1.0.0", "--head", "HEAD"),
        ("support/triage@1.0.0", "--format", "xml"),
        ("--base", "nowhere"),
        ("support/triage@2.0.0",),
    ],
)
def test_what_can_not_run_exits_2(
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
    words: tuple[str, ...],
) -> None:
    released(desk)
    assert command(desk, monkeypatch, *words) == 2
    said = capsysbinary.readouterr()
    assert said.out == b""
    assert said.err.startswith(b"error: ")
    assert b"hint:" in said.err


def test_no_line_is_a_workflow_command(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    desk.registry(FILES)
    desk.write({TEMPLATE: "Sort mail.\n::error::pwned\n##[error]pwned\n"})
    assert command(desk, monkeypatch, "support/triage@git:HEAD") == 0
    lines = capsysbinary.readouterr().out.decode().splitlines()
    assert not [line for line in lines if line.lstrip().startswith("::") or "##[" in line]


def test_the_result_can_go_to_a_file(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    released(desk)
    words = ("support/triage@1.0.0", "--output", "out.txt")
    assert command(desk, monkeypatch, *words) == 0
    assert capsysbinary.readouterr().out == b""
    assert "{+letters+}" in (desk.path / "out.txt").read_text()
