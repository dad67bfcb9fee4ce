from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.model.change import KINDS
from promptreg.releases.comparison import (
    Comparison,
    EntryComparison,
    Fact,
    OtherFile,
    Point,
    Problem,
    RenderedSide,
    RenderedTest,
    Side,
    SpokenMessage,
    SpokenPart,
    Status,
)
from promptreg.reporters.diff import diff_lines
from promptreg.reporters.facts import fact_lines
from promptreg.reporters.lines import plain
from promptreg.reporters.word_lines import word_lines

HOSTILE = "\x1b[2J\u202e\u2066\U000e0041\x85\u2028\x00\udcff"
POINT = Point("HEAD", "commit 0123456789ab", "0123456789ab" + "0" * 28)


def shown(before: str, after: str) -> list[str]:
    return plain(word_lines(before, after)).splitlines()


def fact(kind: str, **more: object) -> Fact:
    known = KINDS[kind]
    fields: dict[str, object] = {
        "route": (),
        "path": "",
        "role": "",
        "locale": "",
        "before": None,
        "after": None,
        **more,
    }
    return Fact(kind, known.group, known.direction, **fields)  # type: ignore[arg-type]  # fields by name


def test_words_are_marked_as_git_does() -> None:
    assert shown("Sort the mail.\n", "Sort all mail.\n") == ["Sort [-the-]{+all+} mail."]


def test_whole_lines_are_marked_without_their_ends() -> None:
    assert shown("a\nb\nc\n", "a\nc\n") == ["a", "[-b-]", "c"]
    assert shown("a\nc\n", "a\nb\n\nc\n") == ["a", "{+b+}", "{+↵+}", "c"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a", "a\n", ["a{+↵+}"]),
        ("a b", "a\nb", ["a[- -]{+↵+}", "b"]),
        ("a\n", "a", ["a[-↵-]"]),
        ("", "a\n", ["{+a+}"]),
        ("a\tb", "a  b", ["a[-\t-]{+  +}b"]),
    ],
)
def test_a_blank_or_line_end_that_changed_is_seen(
    before: str, after: str, expected: list[str]
) -> None:
    assert shown(before, after) == expected


def test_long_unchanged_stretches_are_folded() -> None:
    lines = [f"line {number}" for number in range(20)]
    after = [*lines]
    after[10] = "line ten"
    folded = shown("\n".join(lines), "\n".join(after))
    assert folded[0] == "… 8 unchanged lines"
    assert folded[1:3] == ["line 8", "line 9"]
    assert folded[3] == "line [-10-]{+ten+}"
    assert folded[-1] == "… 7 unchanged lines"


def test_a_gap_of_one_line_is_shown() -> None:
    lines = [f"line {number}" for number in range(12)]
    after = [line + "!" if number in (3, 8) else line for number, line in enumerate(lines)]
    assert [one for one in shown("\n".join(lines), "\n".join(after)) if "…" in one] == [
        "… 1 unchanged line",
        "… 1 unchanged line",
    ]


def test_the_middle_of_a_long_line_is_left_out_and_no_change_is() -> None:
    long = " ".join(f"word{number}" for number in range(100))
    (row,) = shown(long + " end", long + " finish")
    assert " … " in row
    assert row.endswith("[-end-]{+finish+}")
    (row,) = shown("", "x" * 5000)
    assert row == "{+" + "x" * 5000 + "+}"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_what_is_shown_of_texts_is_inert(before: str, after: str) -> None:
    for line in word_lines(before, after):
        text = "".join(span.text for span in line)
        assert not re.search("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", text)


def test_every_kind_of_fact_has_lines() -> None:
    for kind in KINDS:
        sides = {"before": ["user"], "after": ["system"]} if kind == "roles-changed" else {}
        (first, *_) = fact_lines(fact(kind, route=("inputs", "tier"), **sides))
        assert "".join(span.text for span in first).strip()


def test_values_are_cut_and_texts_are_not() -> None:
    (line,) = fact_lines(fact("model-changed", route=("model", "name"), after="x" * 500))
    assert len("".join(span.text for span in line)) < 230
    lines = fact_lines(
        fact("text-changed", route=("messages", 0, "content"), before="a", after="y" * 500)
    )
    assert "y" * 500 in plain(lines)


def test_nothing_of_a_repository_acts_on_a_terminal() -> None:
    bad = HOSTILE
    entry = EntryComparison(
        name=bad,
        kind="prompt",
        status=Status.RENAMED,
        path=bad,
        before_name=bad,
        before_path=bad,
        changes=tuple(
            fact(kind, route=("inputs", bad), path=bad, role=bad, locale=bad, before=bad, after=bad + "x")
            for kind in KINDS
            if kind != "roles-changed"
        ),
        files=(bad,),
        problems=(Problem(Side.HEAD, bad, 1, "not-utf8", bad),),
        rendered=(
            RenderedTest(
                test=bad,
                locale=bad,
                differs=True,
                base=RenderedSide(error=bad),
                head=RenderedSide((SpokenMessage(bad, bad, (SpokenPart("image", bad),)),)),
                notes=(bad,),
            ),
        ),
    )  # fmt: skip
    plain_entries = [
        EntryComparison(bad, "prompt", status, bad, bad, bad, (), (bad,)) for status in Status
    ]
    comparison = Comparison(
        base=Point(bad, "commit 0123456789ab", ""),
        head=POINT,
        entries=(entry, *plain_entries),
        other_files=(OtherFile(bad, "changed", "file", bad),),
        notes=(bad,),
    )
    text = plain(diff_lines(comparison))
    assert not set(text) & set(HOSTILE.replace("[2J", ""))


def test_the_same_partial_is_shown_once() -> None:
    change = fact("partial-changed", path="partials/tone.j2", before="a b\n", after="a c\n")
    entries = tuple(
        EntryComparison(name, "prompt", Status.CHANGED, f"{name}.yaml", "", "", (change,))
        for name in ("one", "two")
    )
    text = plain(diff_lines(Comparison(POINT, POINT, entries)))
    assert text.count("[-b-]") == 1
    assert "partials/tone.j2: as shown above" in text


def test_without_differences_that_is_said() -> None:
    assert plain(diff_lines(Comparison(POINT, POINT, ()))).endswith("No differences\n")
