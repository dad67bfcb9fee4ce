from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.model.alignment import Aligner
from promptreg.model.word_diff import Mark, Piece, word_diff

SAME, GONE, CAME = Mark.SAME, Mark.REMOVED, Mark.ADDED
WORDS = st.lists(
    st.sampled_from(
        ["a", "be", "sort", " ", "  ", "\n", "\n\n", ".", ", ", "{{ x }}", "日", "本", "é"]
    ),
    max_size=40,
).map("".join)


def shown(before: str, after: str) -> list[tuple[Mark, str]]:
    return [(piece.mark, piece.text) for piece in word_diff(before, after)]


@settings(max_examples=400, deadline=None)
@given(WORDS, WORDS)
def test_the_pieces_are_both_texts(before: str, after: str) -> None:
    pieces = word_diff(before, after)
    assert "".join(piece.text for piece in pieces if piece.mark is not CAME) == before
    assert "".join(piece.text for piece in pieces if piece.mark is not GONE) == after


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_survives(before: str, after: str) -> None:
    pieces = word_diff(before, after)
    assert "".join(piece.text for piece in pieces if piece.mark is not CAME) == before
    assert "".join(piece.text for piece in pieces if piece.mark is not GONE) == after


@settings(max_examples=200, deadline=None)
@given(WORDS)
def test_a_text_against_itself_is_silent(text: str) -> None:
    assert word_diff(text, text) == ((Piece(SAME, text),) if text else ())


@settings(max_examples=200, deadline=None)
@given(WORDS, WORDS)
def test_no_two_pieces_of_one_mark_touch(before: str, after: str) -> None:
    marks = [piece.mark for piece in word_diff(before, after)]
    assert all(one is not other for one, other in pairwise(marks))


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("", "a", [(CAME, "a")]),
        ("a", "", [(GONE, "a")]),
        (
            "Sort the inbound mail.",
            "Sort the incoming mail.",
            [(SAME, "Sort the "), (GONE, "inbound"), (CAME, "incoming"), (SAME, " mail.")],
        ),
        ("one two three", "one three", [(SAME, "one "), (GONE, "two "), (SAME, "three")]),
        ("a\nb", "a\nb\n", [(SAME, "a\nb"), (CAME, "\n")]),
        ("keep this  gap", "keep this gap", [(SAME, "keep this"), (GONE, "  "), (CAME, " "), (SAME, "gap")]),
        ("我想退货", "我想换货", [(SAME, "我想"), (GONE, "退"), (CAME, "换"), (SAME, "货")]),
    ],
)  # fmt: skip
def test_what_changed_is_marked(before: str, after: str, pieces: list[tuple[Mark, str]]) -> None:
    assert shown(before, after) == pieces


def test_words_with_only_blanks_between_are_one_change() -> None:
    pieces = shown("please sort mail quickly and be kind", "please route tickets now and be kind")
    assert pieces == [
        (SAME, "please "),
        (GONE, "sort mail quickly"),
        (CAME, "route tickets now"),
        (SAME, " and be kind"),
    ]


def test_a_passage_with_little_in_common_changes_as_a_whole() -> None:
    before, after = "You are a careful clerk of a bank.", "Answer in JSON, a map of two keys."
    assert shown(before, after) == [(GONE, before), (CAME, after)]


def test_lines_that_stay_are_never_marked() -> None:
    before = "one\ntwo\nthree\nfour\n"
    assert shown(before, before.replace("two\n", "")) == [
        (SAME, "one\n"),
        (GONE, "two\n"),
        (SAME, "three\nfour\n"),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\n" * 100_000, "b\na\n" * 60_000),
        ("a b " * 60_000, "b a a " * 40_000),
        ("".join(f"{n * 7919 % 10_007} " for n in range(40_000)), "".join(f"{n * 6007 % 10_007} " for n in range(40_000))),
    ],
)  # fmt: skip
def test_the_cost_is_bounded(before: str, after: str) -> None:
    pieces = word_diff(before, after)
    assert "".join(piece.text for piece in pieces if piece.mark is not CAME) == before


@settings(max_examples=300, deadline=None)
@given(st.text("abc", max_size=14), st.text("abc", max_size=14))
def test_alignment_is_as_long_as_the_longest_common_subsequence(one: str, two: str) -> None:
    kept = sum(
        block.old.stop - block.old.start for block in Aligner().align(one, two) if block.same
    )
    assert kept == _longest_common(one, two)


def test_an_aligner_without_steps_changes_all_but_the_ends() -> None:
    blocks = Aligner(steps=0).align("xaby", "xbcay")
    assert [(block.same, block.old, block.new) for block in blocks] == [
        (True, slice(0, 1), slice(0, 1)),
        (False, slice(1, 3), slice(1, 4)),
        (True, slice(3, 4), slice(4, 5)),
    ]


def _longest_common(one: str, two: str) -> int:
    row = [0] * (len(two) + 1)
    for a in one:
        left = 0
        for index, b in enumerate(two):
            above = row[index + 1]
            row[index + 1] = left + 1 if a == b else max(above, row[index])
            left = above
    return row[-1]
