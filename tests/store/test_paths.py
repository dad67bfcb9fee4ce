from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.store.paths import _ORDINARY, LONGEST_PATH, _problem, path_problem


@pytest.mark.parametrize(
    "path",
    [
        "a",
        "prompts/support/triage.prompt.yaml",
        ".github/x",
        "Ünï/日本.md",
        "a b",
        "console",
        "x" * 255,
    ],
)
def test_ordinary_paths_pass(path: str) -> None:
    assert path_problem(path) == ""


@pytest.mark.parametrize(
    "path",
    [
        "", "/a", "~/a", "a//b", "a/", ".", "..", "a/../b", "./a", "a\\b", "a\nb", "a\x1bb", "a\x9bb",
        "a\u2028b", "CON", "nul.txt", "a/Aux.md", "com1", "LPT9.x.y", "COM¹", ".git", ".GIT/config",
        "a/.git/hooks/x", ".g\u200cit", ".git.", "git~1/x", ".git::$INDEX_ALLOCATION", "a.", "a ",
        "a:b", "a*", "e\u0301", "x\udcff", "x" * 256, "/".join(["x" * 100] * 11), "-/../x",
    ],
)  # fmt: skip
def test_paths_that_some_checkout_cannot_hold_are_refused(path: str) -> None:
    assert path_problem(path)


@given(st.text(max_size=30), st.text(max_size=30))
@settings(deadline=None, max_examples=200)
def test_a_path_is_as_good_as_its_parts(left: str, right: str) -> None:
    if not path_problem(f"{left}/{right}"):
        assert not path_problem(left)
        assert not path_problem(f"x/{right}")


PARTS = (
    "con",
    "CON",
    "nul",
    "aux",
    "com1",
    "lpt9",
    "git",
    "git~1",
    ".git",
    "a",
    "b-c",
    "_",
    ".",
    "..",
    "~",
    " ",
    "/",
    "\n",
    "x" * 100,
    "0",
)


@given(
    st.lists(st.sampled_from(PARTS), max_size=8).map("".join) | st.text("ab./-_1 con", max_size=12)
)
@settings(deadline=None, max_examples=1000)
def test_ordinary_paths_are_those_that_nothing_is_wrong_with(path: str) -> None:
    """Most are told by one look; the slow way must not find anything in them."""
    if _ORDINARY.fullmatch(path) and len(path) <= LONGEST_PATH:
        assert _problem(path) == ""
    assert path_problem(path) == _problem(path)
