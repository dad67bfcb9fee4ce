from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.store.paths import path_problem


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
