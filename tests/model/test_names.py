"""Names: what is allowed, and what is near."""

from __future__ import annotations

import difflib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.model.names import did_you_mean, is_environment_name, name_problem, nearest


@pytest.mark.parametrize(
    "name", ["a", "0", "support/triage", "a-b_c/d-", "9/9/9", "a" * 200, "console", "com", "com10"]
)
def test_a_name_is_allowed(name: str) -> None:
    assert name_problem(name) == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "empty"),
        ("a" * 201, "200 characters"),
        ("A", "lower-case"),
        ("a//b", "lower-case"),
        ("/a", "lower-case"),
        ("a/", "lower-case"),
        ("-a", "lower-case"),
        ("--help", "lower-case"),
        ("a/-b", "lower-case"),
        ("_a", "lower-case"),
        (".", "lower-case"),
        ("..", "lower-case"),
        ("a/../b", "lower-case"),
        ("a.lock", "lower-case"),
        ("a b", "lower-case"),
        ("a\n", "lower-case"),
        ("a\0", "lower-case"),
        ("a@b", "lower-case"),
        ("\uff41", "lower-case"),
        ("\u0430", "lower-case"),
        ("a\u0661", "lower-case"),
        ("con", "device"),
        ("a/nul/b", "device"),
        ("a/com1", "device"),
        ("lpt9", "device"),
    ],
)
def test_a_name_is_refused(name: str, words: str) -> None:
    assert words in name_problem(name)


@pytest.mark.parametrize("name", ["production", "p", "eu-west-1", "v", "vNext".lower(), "a" * 63])
def test_an_environment_may_have_the_name(name: str) -> None:
    assert is_environment_name(name)


@pytest.mark.parametrize(
    "name", ["", "latest", "v1", "v2-canary", "1", "Prod", "a_b", "a/b", "-a", "a" * 64, "prod\n"]
)
def test_an_environment_may_not_have_the_name(name: str) -> None:
    assert not is_environment_name(name)


def test_the_nearest_names_come_first_and_only_near_ones() -> None:
    known = ("support/triage", "support/reply", "finance/report")
    assert nearest("support/triag", known)[0] == "support/triage"
    assert nearest("zzz", known) == ()
    assert did_you_mean("support/repl", known).startswith("did you mean `support/reply`")
    assert did_you_mean("zzz", known) == ""


def test_nearness_is_bounded() -> None:
    assert nearest("a" * 1_000_000, ["a" * 200]) == ("a" * 200,)


@given(
    st.text("abc/-", max_size=8),
    st.lists(st.text("abc/-", max_size=8), max_size=20, unique=True),
    st.integers(1, 4),
)
@settings(deadline=None, max_examples=300)
def test_the_nearest_are_those_of_difflib(word: str, known: list[str], most: int) -> None:
    expected = difflib.get_close_matches(word, sorted(known), n=most, cutoff=0.6)
    assert nearest(word, known, most=most) == tuple(expected)


def test_so_are_the_nearest_of_many_that_are_alike() -> None:
    topics = ("customs", "drill", "expense", "returns", "travel", "warranty")
    known = [f"support/chat-assistant-{topic}-{n}" for topic in topics for n in range(0, 400, 13)]
    for word in ("support/chat-asistant-drill-93", "chat-assistant-return-40", "support/warranty"):
        expected = difflib.get_close_matches(word, sorted(known), n=3, cutoff=0.6)
        assert expected
        assert nearest(word, known) == tuple(expected)
