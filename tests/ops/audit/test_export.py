"""An exported audit: chained, the same each time, and found out where anything was changed."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from tests.conftest import Site
from tests.ops.conftest import NAME, edit

from promptreg.commands.audit import AuditRequest, audit, audit_log, check_audit
from promptreg.errors import InputError, UsageError
from promptreg.model.audit import AuditCheck
from promptreg.model.canonical import canonical_digest
from promptreg.ops.audit.checking import MOST_LINE, read_export
from promptreg.releases.environment_text import new_environment_text
from promptreg.store.schema_files import output_schema_text

NOW = datetime(2030, 1, 5, 9, tzinfo=UTC)
Lines = list[dict[str, Any]]
IDENTITY = ("kind", "commit", "tag", "name", "environment", "key", "path")


def exported(site: Site, now: datetime = NOW, **asked: Any) -> Lines:
    return list(audit_log(audit(site.workspace, AuditRequest(**asked)), now))


def checked(site: Site, lines: Lines | bytes) -> AuditCheck:
    file = site.path.parent / "audit.jsonl"
    if not isinstance(lines, bytes):
        lines = b"".join(json.dumps(one).encode() + b"\n" for one in lines)
    file.write_bytes(lines)
    return check_audit(site.workspace, file)


def found(site: Site, lines: Lines | bytes) -> set[tuple[int, str]]:
    return {(one.line, one.problem) for one in checked(site, lines).flaws}


def rechained(lines: Lines) -> Lines:
    """As somebody would write it who knows how the chain is made."""
    made: Lines = [lines[0]]
    for seq, one in enumerate(lines[1:], 1):
        line = {**one, "seq": seq, "previous": canonical_digest(made[-1])}
        made.append({**line, "events": seq - 1} if one["type"] == "footer" else line)
    return made


def test_an_export_holds_and_fits_its_schema(busy: Site) -> None:
    lines = exported(busy)
    schema = Draft202012Validator(json.loads(output_schema_text("audit-log")))
    for line in lines:
        schema.validate(line)
    assert lines[1]["previous"] == canonical_digest(lines[0])
    assert lines[-1]["events"] == len(lines) - 2
    check = checked(busy, lines)
    assert check.flaws == ()
    assert (check.newer, check.last) == (0, canonical_digest(lines[-1]))


def test_two_exports_differ_in_their_moment_only(busy: Site) -> None:
    one, other = exported(busy), exported(busy, datetime(2031, 1, 1, tzinfo=UTC))
    assert one[0] | {"now": ""} == other[0] | {"now": ""}
    assert [line | {"previous": ""} for line in one[1:]] == [
        line | {"previous": ""} for line in other[1:]
    ]
    assert exported(busy) == one


def test_a_filtered_export_holds(busy: Site) -> None:
    middle = busy.text("rev-parse", "HEAD~9")
    for asked in (
        {"names": (NAME,)}, {"kinds": ("release", "risk")}, {"environment": "staging"},
        {"since": middle}, {"until": middle}, {"until": datetime(2029, 1, 1, tzinfo=UTC)},
    ):  # fmt: skip
        lines = exported(busy, **asked)
        assert len(lines) > 2, asked
        assert checked(busy, lines).flaws == (), asked


def test_what_happened_since_is_counted_and_no_flaw(busy: Site) -> None:
    now = datetime.fromtimestamp(busy.clock[0] + 1, UTC)
    lines = exported(busy, now)
    busy.clock[0] += 100
    busy.prompt(NAME, "three {{ who }}")
    busy.commit("three")
    busy.file("environments/staging.yaml", new_environment_text("staging"))
    busy.commit("Mend it")
    busy.release()
    busy.promote(f"{NAME}@0.3.0", env="staging")
    told = audit(busy.workspace, AuditRequest()).events[len(lines) - 2 :]
    check = checked(busy, lines)
    assert check.flaws == ()
    assert [one.kind for one in told] == ["lifecycle", "owner", "risk", "release", "promotion"]
    assert check.newer == len(told)


def test_a_line_that_is_gone_is_found(busy: Site) -> None:
    lines = exported(busy)
    for at in range(1, len(lines) - 1):
        flaws = {(one.line, one.problem) for one in _cut([*lines[:at], *lines[at + 1 :]])}
        assert (at + 1, "broken-chain") in flaws
    assert {(7, "broken-chain"), (6, "missing-event")} <= found(busy, [*lines[:6], *lines[7:]])
    assert (1, "wrong-header") in found(busy, lines[1:])


def test_lines_that_were_swapped_are_found(busy_lines: Lines) -> None:
    lines = busy_lines
    for at in range(1, len(lines) - 2):
        flaws = _cut([*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]])
        known = {(one.line, one.problem) for one in flaws}
        assert {(at + 1, "broken-chain"), (at + 2, "wrong-order")} <= known


def other(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return value + "0"
    if isinstance(value, dict):
        return {**value, "name": "Eve"}
    return {"name": "Eve", "email": "eve@example.com"} if value is None else [*value, "x"]


@pytest.fixture(scope="session")
def busy_lines(busy_template: Site) -> Lines:
    """The export of `busy`."""
    return exported(busy_template)


def test_every_field_of_every_line_is_covered_by_the_chain(busy_lines: Lines) -> None:
    every = range(len(busy_lines))
    edited = [{key: other(value) for key, value in line.items()} for line in busy_lines]
    for at in every:
        for key in busy_lines[at]:
            changed = {**busy_lines[at], key: edited[at][key]}
            flaws = _cut([*busy_lines[:at], changed, *busy_lines[at + 1 :][:1]])
            wanted = {at + 1, at + 2} if at + 1 < len(busy_lines) else {at + 1}
            told = {one.line for one in flaws if one.problem != "truncated" or key == "events"}
            assert told & wanted, (at, key)


def _flaws(data: bytes) -> tuple[Any, ...]:
    return read_export(io.BytesIO(data), "audit.jsonl").flaws


def test_the_repository_names_the_edited_line_though_the_chain_was_made_anew(busy: Site) -> None:
    lines = exported(busy)
    at = next(at for at, one in enumerate(lines) if one.get("kind") == "approval")
    event = {key: other(value) for key, value in lines[at].items() if key not in IDENTITY}
    kept = {key: lines[at][key] for key in (*IDENTITY, "type", "seq", "previous")}
    edited = rechained([*lines[:at], {**event, **kept}, *lines[at + 1 :]])
    flaws = checked(busy, edited).flaws
    assert {(one.line, one.problem) for one in flaws} == {(at + 1, "changed-event")}
    named = {one.message.split("`")[1] for one in flaws}
    assert named == lines[at].keys() - kept.keys()
    for key in ("kind", "commit", "path"):
        edited = rechained([*lines[:at], {**lines[at], key: "other"}, *lines[at + 1 :]])
        assert found(busy, edited) == {(at + 1, "unknown-event"), (at, "missing-event")}


@pytest.mark.parametrize(
    "tamper",
    [
        lambda lines: [*lines[:5], *lines[6:]],
        lambda lines: [*lines[:5], lines[6], lines[5], *lines[7:]],
        lambda lines: [*lines[:5], lines[5], *lines[5:]],
        lambda lines: [*lines[:5], {**lines[5], "name": "other/name"}, *lines[6:]],
        lambda lines: [*lines[:-2], lines[-1]],
        lambda lines: [{**lines[0], "registry": "other"}, *lines[1:]],
        lambda lines: [
            {**lines[0], "branches": [{**lines[0]["branches"][0], "commit": "1" * 40}]}, *lines[1:],
        ],
        lambda lines: [
            {**lines[0], "filters": {**lines[0]["filters"], "since": "1" * 40}}, *lines[1:],
        ],
        lambda lines: [
            {**lines[0], "filters": {**lines[0]["filters"], "kinds": ["release"]}}, *lines[1:],
        ],
    ],
    ids=["drop", "swap", "double", "rename", "cut", "registry", "head", "bound", "filter"],
)  # fmt: skip
def test_a_chain_made_anew_does_not_stand_against_the_repository(
    busy: Site, tamper: Callable[[Lines], Lines]
) -> None:
    lines = rechained(tamper(exported(busy)))
    assert _flaws(b"".join(json.dumps(one).encode() + b"\n" for one in lines)) == ()
    assert checked(busy, lines).flaws


def test_every_way_to_cut_it_short_is_found(busy: Site) -> None:
    lines = exported(busy)
    for end in range(len(lines)):
        assert any(one.problem == "truncated" for one in _cut(lines[:end]))
    data = b"".join(json.dumps(one).encode() + b"\n" for one in lines)
    for size in range(0, len(data) - 1, 97):
        assert _flaws(data[:size]), size
    assert _flaws(data[:-1])
    assert any(one.problem == "wrong-order" for one in _cut([*lines, lines[-1]]))


def _cut(lines: Lines) -> tuple[Any, ...]:
    return _flaws(b"".join(json.dumps(one).encode() + b"\n" for one in lines))


def test_a_tag_that_was_moved_or_deleted_since_is_found(busy: Site) -> None:
    lines = exported(busy)
    at = next(at for at, one in enumerate(lines) if one.get("tag") == f"{NAME}@v0.2.0")
    ref = f"refs/tags/{NAME}@v0.2.0"
    content = busy.run("cat-file", "tag", ref)
    busy.run("update-ref", "-d", ref)
    assert (at + 1, "unknown-event") in found(busy, lines)
    again = busy.run("mktag", stdin=content.replace(b"Ann", b"Eve")).decode().strip()
    busy.run("update-ref", ref, again)
    assert (at + 1, "changed-event") in found(busy, lines)


def test_history_that_was_rewritten_is_found(busy: Site) -> None:
    lines = exported(busy)
    busy.run("commit", "-q", "--amend", "-m", "It was somebody else")
    assert found(busy, lines) == {(1, "wrong-header")}


def test_a_registry_that_got_another_name_since_is_still_the_same(busy: Site) -> None:
    lines = exported(busy)
    edit(busy, "promptreg.yaml", "name: example", "name: renamed", "Rename it")
    check = checked(busy, lines)
    assert (check.flaws, check.newer, check.registry) == ((), 1, "example")


def test_what_is_no_export_at_all(busy: Site) -> None:
    for data in (
        b"", b"\n", b"{}\n", b"[]\n", b"null\n", b"\xff\xfe\n", b'{"a": 1, "a": 2}\n', b"[" * 5000,
        b'{"type": "header"}\n{"type": "event", "tag": [{}], "kind": {}, "commit": []}\n',
        b'{"type": "event", "seq": true}\n', b'{"a": 1e999}\n', b'{"a": "\\ud800"}\n',
    ):  # fmt: skip
        assert checked(busy, data).flaws, data
    with pytest.raises(InputError, match="line 2 has more than"):
        checked(busy, b"{}\n" + b'"' + b"x" * MOST_LINE + b'"\n')
    with pytest.raises(UsageError, match="can't be read"):
        check_audit(busy.workspace, busy.path / "nothing.jsonl")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip


@settings(deadline=None, max_examples=100)
@given(data=st.data())
def test_no_value_anywhere_is_accepted_in_place_of_another(
    busy_lines: Lines, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(busy_lines) - 1))
    line = busy_lines[at]
    key = data.draw(st.sampled_from(sorted(line)))
    value = data.draw(JSON.filter(lambda one: json.dumps(one) != json.dumps(line[key])))
    changed = [*busy_lines[:at], {**line, key: value}, *busy_lines[at + 1 :]]
    assert {one.line for one in _cut(changed)} & {at + 1, at + 2}, (at, key, value)
