"""Editing a manifest keeps every byte and all data that aren't meant."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.errors import RefusedError
from promptreg.registry.documents import parse_document
from promptreg.registry.manifest_edit import edited_manifest

PATH = "prompts/a.prompt.yaml"
HEAD = "apiVersion: promptreg/v1\nkind: Prompt\nname: a\n"
TAIL = "risk: low\nmodel: {name: m}\nmessages: [{role: user, content: x}]\n"


def edited(body: str, **changes: str | None) -> str:
    text = HEAD + body + TAIL
    after = edited_manifest(PATH, text.encode(), "Prompt", changes).decode()
    assert after.startswith(HEAD)
    assert after.endswith(TAIL)
    return after.removeprefix(HEAD).removesuffix(TAIL)


@pytest.mark.parametrize(
    ("before", "changes", "after"),
    [
        (
            "owner: t\nlifecycle: active # live\n",
            {"lifecycle": "deprecated"},
            "owner: t\nlifecycle: deprecated # live\n",
        ),
        (
            "lifecycle: 'active'\nowner: \"t\"\n",
            {"lifecycle": "deprecated", "owner": "u", "sunset": "2027-01-31"},
            "lifecycle: 'deprecated'\nsunset: 2027-01-31\nowner: \"u\"\n",
        ),
        (
            "lifecycle: active\n\n# who\nowner: t\n",
            {"sunset": "2027-01-31", "replaced_by": "1e9"},
            'lifecycle: active\nsunset: 2027-01-31\nreplaced_by: "1e9"\n\n# who\nowner: t\n',
        ),
        (
            "owner: t\nsunset: 2026-01-01 # soon\nlifecycle: deprecated\nreplaced_by: b\n",
            {"lifecycle": "active", "sunset": None, "replaced_by": None},
            "owner: t\nlifecycle: active\n",
        ),
        (
            "owner: t\n? lifecycle\n: active\n",
            {"lifecycle": "retired"},
            "owner: t\n? lifecycle\n: retired\n",
        ),
        ('owner: t\n"lifecycle" : active\n', {"lifecycle": "draft"}, 'owner: t\n"lifecycle" : draft\n'),
        (
            "owner: t\nlifecycle:\n  active\nlabels: {lifecycle: active}\n",
            {"lifecycle": "draft"},
            "owner: t\nlifecycle:\n  draft\nlabels: {lifecycle: active}\n",
        ),
    ],
)  # fmt: skip
def test_the_words_change_and_nothing_else(
    before: str, changes: dict[str, str | None], after: str
) -> None:
    assert edited(before, **changes) == after


def test_line_ends_stay() -> None:
    text = (HEAD + "owner: t\nlifecycle: active\n" + TAIL).replace("\n", "\r\n")
    after = edited_manifest(PATH, text.encode(), "Prompt", {"sunset": "2027-01-31"}).decode()
    assert after == text.replace("active\r\n", "active\r\nsunset: 2027-01-31\r\n")


def test_a_last_line_without_an_end() -> None:
    text = HEAD + TAIL + "owner: t\nlifecycle: active"
    after = edited_manifest(PATH, text.encode(), "Prompt", {"sunset": "2027-01-31"}).decode()
    assert after == text + "\nsunset: 2027-01-31"
    gone = edited_manifest(PATH, after.encode(), "Prompt", {"sunset": None}).decode()
    assert gone == text + "\n"


FLOW = {
    "apiVersion": "promptreg/v1", "kind": "Prompt", "name": "a", "owner": "t",
    "lifecycle": "active", "risk": "low", "model": {"name": "m"},
    "messages": [{"role": "user", "content": "x"}],
}  # fmt: skip


@pytest.mark.parametrize("indent", [None, 2])
def test_json_stays_json(indent: int | None) -> None:
    text = json.dumps(FLOW, indent=indent)
    changes = {"lifecycle": "deprecated", "sunset": "2027-01-31", "replaced_by": "b"}
    after = edited_manifest(PATH, text.encode(), "Prompt", changes).decode()
    assert json.loads(after) == {**FLOW, **changes}
    back = {"lifecycle": "active", "sunset": None, "replaced_by": None}
    assert edited_manifest(PATH, after.encode(), "Prompt", back).decode() == text


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("owner: &o t\nlifecycle: active\nlabels: {team: *o}\n", "can't be changed safely"),
        ("owner: t\nx-state: &s active\nlifecycle: *s\n", "can't be changed safely"),
        ("owner: |-\n  t\nlifecycle: |-\n  active\n", "can't be changed safely"),
        ("owner: t\nlifecycle: active\nowner: t\n", "can't be used"),
    ],
)
def test_an_odd_form_is_refused_with_what_to_write(body: str, words: str) -> None:
    with pytest.raises(RefusedError, match=words) as caught:
        edited(body, owner="u", lifecycle="retired", sunset=None)
    if "safely" in words:
        assert caught.value.hint.startswith("write `owner: u` and `lifecycle: retired`, take out")


def test_a_byte_order_mark_is_refused() -> None:
    content = b"\xef\xbb\xbf" + (HEAD + "owner: t\nlifecycle: active\n" + TAIL).encode()
    with pytest.raises(RefusedError, match="byte order mark"):
        edited_manifest(PATH, content, "Prompt", {"owner": "u"})


COMMENTS = st.sampled_from(["", " # about it", "  # lifecycle: draft", " #"])
QUOTES = st.sampled_from(["{}", "'{}'", '"{}"'])
ODD = st.sampled_from([
    "description: |\n  lifecycle: draft\n  owner: nobody\n", "description: >-\n  folded\n\n  text\n",
    'description: "sunset: 2020-01-01"\n', "labels: {owner: z, lifecycle: 'y'}\n", "\n", "# owner: q\n",
    "labels:\n  lifecycle: x # deep\n", "x-note: [lifecycle, owner]\n", "description: ünï → 用 𝒳\n",
])  # fmt: skip


@st.composite
def manifests(draw: st.DrawFn) -> str:
    keys = {
        "apiVersion": "promptreg/v1", "kind": "Prompt", "name": "a", "owner": "team-1",
        "lifecycle": draw(st.sampled_from(["draft", "active", "deprecated", "retired"])),
        "risk": "low",
    }  # fmt: skip
    if draw(st.booleans()):
        keys["sunset"] = "2027-01-31"
    if draw(st.booleans()):
        keys["replaced_by"] = "b/c"
    lines = [
        f"{draw(st.sampled_from(['{}', QUOTED])).format(key)}: "
        f"{draw(QUOTES).format(value)}{draw(COMMENTS)}\n"
        for key, value in keys.items()
    ]
    lines += ["model: {name: m}\n", "messages:\n  - {role: user, content: 'owner: x'}\n"]
    lines += draw(st.lists(ODD, max_size=3, unique_by=lambda one: one.split(":")[0]))
    text = "".join(draw(st.permutations(lines)))
    if draw(st.booleans()):
        text = "---\n" + text
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return text.removesuffix("\n").removesuffix("\r") if draw(st.booleans()) else text


QUOTED = '"{}"'
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "lifecycle": st.sampled_from(["draft", "active", "deprecated", "retired"]),
        "owner": st.sampled_from(["team-2", "0", "1e5"]),
        "sunset": st.sampled_from([None, "2030-12-31"]),
        "replaced_by": st.sampled_from([None, "x/y", "null"]),
    },
)


def _data(text: str) -> dict[str, Any]:
    parsed = parse_document(PATH, text.encode(), "Prompt")
    assert parsed.data is not None, parsed.findings
    return dict(parsed.data)


@settings(deadline=None, max_examples=200)
@given(manifests(), CHANGES)
def test_all_other_data_and_lines_stay(text: str, changes: dict[str, str | None]) -> None:
    before = _data(text)
    after = edited_manifest(PATH, text.encode(), "Prompt", changes).decode()
    wanted = {key: value for key, value in (before | changes).items() if value is not None}
    assert _data(after) == wanted
    touched = [key for key in changes if before.get(key) != changes[key]]
    kept = [one for one in text.split("\n") if not _is_of(one, changes)]
    lines = after.split("\n")
    assert [one for one in lines if not _is_of(one, changes)] == kept or not text.endswith("\n")
    if not touched:
        assert after == text


def _is_of(line: str, changes: dict[str, str | None]) -> bool:
    return line.replace('"', "").split(":")[0] in changes
