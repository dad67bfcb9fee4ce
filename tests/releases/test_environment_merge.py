"""Merging environment files by entry: by hand, by law, and with git itself."""

from __future__ import annotations

import shlex
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.model.environment import Pin
from promptreg.model.version import parse_version
from promptreg.releases.environment_chunks import chunks_of
from promptreg.releases.environment_file import (
    with_frozen,
    with_pin,
    with_suspension,
    without_frozen,
)
from promptreg.releases.environment_merge import merge_environment
from promptreg.releases.environment_text import read_environment_text
from promptreg.store.git.merge_driver import ATTRIBUTE, KEY

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Site

HEAD = "apiVersion: promptreg/v1\nkind: Environment\nname: production\n"


def line(name: str, version: str = "1.0.0", reason: str = "") -> str:
    said = f', reason: "{reason}"' if reason else ""
    return f'  {name}: {{version: {version}, digest: "sha256:{"a" * 64}"{said}}}\n'


def file(*entries: str, top: str = HEAD) -> str:
    return top + ("releases:\n" + "".join(entries) if entries else "releases: {}\n")


def merged(base: str, ours: str, theirs: str) -> str:
    found = merge_environment(base.encode(), ours.encode(), theirs.encode())
    assert found.is_clean, found
    return found.content.decode()


A, B, C, A2, C2 = line("a"), line("b"), line("c"), line("a", "2.0.0"), line("c", "2.0.0")


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ((A, C), (A2, C), (A, C2), (A2, C2)),
        ((A, C), (A2, C), (A, B, C), (A2, B, C)),
        ((B,), (A, B), (B, C), (A, B, C)),
        ((), (A,), (C,), (A, C)),
        ((), (C,), (A,), (A, C)),
        ((A, C), (C,), (A, C2), (C2,)),
        ((A, B, C), (B, C), (A, B), (B,)),
        ((A, B), (B,), (A,), ()),
        ((A,), (A2,), (A2, C), (A2, C)),
        (("  # first\n", A, "  # second\n", B), ("  # first\n", A2, "  # second\n", B),
         ("  # first\n", A, "  # second\n", B, C), ("  # first\n", A2, "  # second\n", B, C)),
    ],
)  # fmt: skip
def test_different_entries_go_together(
    base: tuple[str, ...], ours: tuple[str, ...], theirs: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert merged(file(*base), file(*ours), file(*theirs)) == file(*expected)


def test_one_entry_moved_twice_is_a_conflict_around_it_alone() -> None:
    other = line("b", "3.0.0")
    found = merge_environment(
        file(A, B, C).encode(),
        file(A2, line("b", "2.0.0"), C).encode(),
        file(A, other, C2).encode(),
    )
    assert found.conflicts == ("b",)
    assert found.content.decode() == file(
        A2, "<<<<<<< ours\n", line("b", "2.0.0"), "=======\n", other, ">>>>>>> theirs\n", C2
    )


def test_taken_away_here_and_moved_there_is_a_conflict() -> None:
    for ours, theirs in ((file(B), file(A2, B)), (file(A2, B), file(B))):
        found = merge_environment(file(A, B).encode(), ours.encode(), theirs.encode())
        assert found.conflicts == ("a",)


def test_a_file_that_both_sides_made() -> None:
    assert merged("", file(A), file(C)) == file(A, C)
    found = merge_environment(b"", file(A).encode(), file(A2).encode())
    assert found.conflicts == ("a",)


def test_a_suspension_and_a_move_of_others_go_together() -> None:
    base = file(A, B, C)
    ours = with_suspension(base, "production", "a", "it leaks")
    theirs = with_suspension(base, "production", "c", "it lies")
    both = merged(base, ours, theirs)
    assert both == merged(base, theirs, ours)
    environment = read_environment_text("production", both.encode())
    assert list(environment.releases) == ["b"]
    assert {name: one.reason for name, one in environment.suspended.items()} == {
        "a": "it leaks",
        "c": "it lies",
    }
    back = with_pin(both, "production", "a", Pin(parse_version("2.0.0"), "sha256:" + "a" * 64))
    other = with_pin(both, "production", "c", Pin(parse_version("2.0.0"), "sha256:" + "a" * 64))
    assert list(read_environment_text("production", merged(both, back, other).encode()).releases) == [
        "a", "b", "c",
    ]  # fmt: skip


def test_suspended_here_and_moved_there_is_a_conflict() -> None:
    base = file(A, B)
    ours = with_suspension(base, "production", "a", "it leaks")
    for one, other in ((ours, file(A2, B)), (file(A2, B), ours)):
        found = merge_environment(base.encode(), one.encode(), other.encode())
        assert found.conflicts == ("a",)


def test_frozen_here_and_moved_there_is_a_conflict() -> None:
    base = file(A, B)
    frozen = with_frozen(base, "production", "audit")
    for one, other in ((frozen, file(A2, B)), (file(A2, B), frozen)):
        found = merge_environment(base.encode(), one.encode(), other.encode())
        assert found.conflicts == ("frozen",)
    assert merged(base, frozen, frozen) == frozen
    again = with_frozen(base, "production", "Black Friday")
    assert merge_environment(base.encode(), frozen.encode(), again.encode()).conflicts == (
        "frozen",
    )
    thawed = without_frozen(frozen, "production")
    assert merged(frozen, thawed, with_pin_of_a(frozen)) == with_pin_of_a(thawed)


def with_pin_of_a(text: str) -> str:
    return with_pin(text, "production", "a", Pin(parse_version("2.0.0"), "sha256:" + "a" * 64))


def test_line_ends_of_our_side_are_kept() -> None:
    base, ours, theirs = (
        one.replace("\n", "\r\n") for one in (file(A, C), file(A2, C), file(A, B, C))
    )
    assert merged(base, ours, theirs) == file(A2, B, C).replace("\n", "\r\n")
    assert merged(base, ours, file(A, B, C)) == file(A2, B, C).replace("\n", "\r\n")
    assert merged(file(A)[:-1], file(A2)[:-1], file(A, C)) == file(A2, C)


@pytest.mark.parametrize(
    "broken",
    ["[", "releases: {}\n", HEAD + "releases: {a: {}}\n", file(A, A), "\x00", file(A, B).replace("1.0.0", "1")],
)  # fmt: skip
@pytest.mark.parametrize("side", [0, 1, 2])
def test_what_is_broken_is_left_to_a_person(broken: str, side: int) -> None:
    texts = [file(A), file(A2), file(A, C)]
    texts[side] = broken
    found = merge_environment(*(one.encode() for one in texts))
    assert not found.is_clean
    assert found.whole
    assert b"<<<<<<< ours\n" in found.content
    assert b"\n>>>>>>> theirs\n" in found.content


def test_a_flow_mapping_is_left_to_a_person_where_both_changed_it() -> None:
    flow = HEAD + "releases: {" + A.strip() + "}\n"
    ours = HEAD + "releases: {" + A2.strip() + "}\n"
    theirs = HEAD + "releases: {" + A.strip() + ", " + C.strip() + "}\n"
    assert not merge_environment(flow.encode(), ours.encode(), theirs.encode()).is_clean
    assert merged(flow, ours, flow) == ours


NAMES = [f"{folder}{name}" for folder in ("", "support/") for name in "abcdef"]
VERSIONS = ["1.0.0", "2.0.0", "3.0.0-rc.1"]
STATES = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VERSIONS), max_size=8)
EDITS = st.dictionaries(st.sampled_from(NAMES), st.sampled_from([*VERSIONS, ""]), max_size=6)


def written(state: dict[str, str], *, crlf: bool = False) -> str:
    text = file(*(line(name, state[name]) for name in sorted(state)))
    return text.replace("\n", "\r\n") if crlf else text


def applied(state: dict[str, str], edits: dict[str, str]) -> dict[str, str]:
    after = {**state, **edits}
    return {name: version for name, version in after.items() if version}


@given(STATES, EDITS, EDITS, st.booleans())
@settings(deadline=None, max_examples=300)
def test_disjoint_edits_equal_applying_both(
    base: dict[str, str],
    ours: dict[str, str],
    theirs: dict[str, str],
    crlf: bool,  # noqa: FBT001 - hypothesis
) -> None:
    theirs = {name: version for name, version in theirs.items() if name not in ours}
    mine, other = applied(base, ours), applied(base, theirs)
    expected = written(applied(mine, theirs), crlf=crlf)
    texts = [written(one, crlf=crlf) for one in (base, mine, other)]
    assert merged(*texts) == expected
    assert merged(texts[0], texts[2], texts[1]) == expected


@given(STATES, EDITS, EDITS)
@settings(deadline=None, max_examples=300)
def test_sides_that_are_alike_and_sides_that_did_nothing(
    base: dict[str, str], ours: dict[str, str], theirs: dict[str, str]
) -> None:
    start, mine, other = (
        written(one) for one in (base, applied(base, ours), applied(base, theirs))
    )
    assert merged(start, mine, mine) == mine
    assert merged(start, start, other) == other
    assert merged(start, mine, start) == mine
    found = merge_environment(start.encode(), mine.encode(), other.encode())
    clash = {
        name
        for name in {*ours, *theirs}
        if len({one.get(name) for one in (base, applied(base, ours), applied(base, theirs))}) == 3
    }
    assert set(found.conflicts) == clash
    assert not found.whole


@given(st.text(alphabet="ab:/ {}\n\r#-releasupnd", max_size=80))
@settings(deadline=None, max_examples=300)
def test_the_pieces_are_the_text(text: str) -> None:
    assert "".join(part for chunk in chunks_of(text) for part in chunk.lines) == text


@given(st.binary(max_size=60), st.binary(max_size=60), st.binary(max_size=60))
@settings(deadline=None, max_examples=200)
def test_any_bytes_are_merged_or_left_to_a_person(base: bytes, ours: bytes, theirs: bytes) -> None:
    found = merge_environment(base, ours, theirs)
    assert found.is_clean or b"<<<<<<< ours" in found.content


PROMPTS = ("one", "two", "zed")


@pytest.fixture
def shared(site: Site, tmp_path: Path) -> Site:
    """Three released prompts, one of which runs; the driver is this Python's promptreg."""
    for name in PROMPTS:
        site.prompt(name)
    site.file(".gitattributes", ATTRIBUTE + "\n")
    site.commit("Three prompts")
    for name in PROMPTS:
        site.release(name)
    site.promote("two@0.1.0")
    driver = tmp_path / "driver"
    driver.write_text(
        f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m promptreg merge-environment "$@"\n'
    )
    driver.chmod(0o755)
    site.run("config", "--global", KEY, f"{driver} %O %A %B %P")
    return site


def clone(site: Site, path: Path) -> Site:
    site.run("clone", "-q", str(site.path), str(path))
    return replace(site, path=path, clock=[*site.clock])


@pytest.mark.parametrize("how", ["merge", "rebase"])
def test_two_clones_that_promoted_different_entries(shared: Site, tmp_path: Path, how: str) -> None:
    there = clone(shared, tmp_path / "there")
    shared.promote("one@0.1.0")
    there.promote("zed@0.1.0")
    there.run("fetch", "-q")
    there.run(how, "-q", "origin/main")
    assert there.runs() == dict.fromkeys(PROMPTS, "0.1.0")
    assert there.text("status", "--porcelain") == ""
    assert there.text("diff", "--stat", "origin/main", "--", "environments").count("+") == 2


def test_two_clones_that_promoted_one_entry_differently(shared: Site, tmp_path: Path) -> None:
    for text in ("2", "3"):
        shared.changed(text + " {{ who }}", "two")
        shared.release("two")
    there = clone(shared, tmp_path / "there")
    shared.promote("two@0.2.0", "one@0.1.0")
    there.promote("two@0.3.0", "zed@0.1.0")
    there.run("fetch", "-q")
    with pytest.raises(AssertionError):
        there.run("merge", "-q", "origin/main")
    text = (there.path / "environments/production.yaml").read_text()
    assert text.count("<<<<<<<") == 1
    between = text.partition("<<<<<<<")[2].partition(">>>>>>>")[0]
    assert "0.2.0" in between
    assert "0.3.0" in between
    assert "one" not in between
    assert there.text("diff", "--name-only", "--diff-filter=U") == "environments/production.yaml"
