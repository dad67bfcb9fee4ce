"""The quick way to plain values says nothing, or the same as the careful one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from promptreg.store.text import decode
from promptreg.store.yaml_build import MOST_DEPTH, build
from promptreg.store.yaml_plain import build_plain

ROOT = Path(__file__).parents[2]
WORDS = st.sampled_from([
    "a", "b", "n", "true", "Null", "no", "~", "<<", "1", "-1.5e3", "0x1F", "0o7", ".5", ".inf",
    "1" * 30, "9007199254740993", "2026-11-22", "text with words", "none of them, said he",
    '"q"', "'q'", '"\\u200b"', '"\\n"', '"ü"', '"\\u0007"', "'it''s'", "*a", "&a x", "!!str 1",
    "&b", "!t", "{}", "[]", "[1, [x]]", "{a: b, c: [d]}", "{a: 1, a: 2}", "? x", "|\n  t\n  u",
    ">-\n  t\n\n  u", "[", "{", "%", "@", "'", "# note", "", "...",
])  # fmt: skip


def _nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    indented = inner.map(lambda text: "\n" + "\n".join("  " + line for line in text.split("\n")))
    lines = st.lists(st.tuples(WORDS, inner | indented), min_size=1, max_size=4)
    items = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        lines.map(lambda pairs: "\n".join(f"{key}: {value}" for key, value in pairs)),
        items.map(lambda several: "\n".join(f"- {one}" for one in several)),
    )


DOCUMENTS = st.recursive(WORDS, _nested, max_leaves=12)


def _differs(text: str) -> bool:
    quick = build_plain(text)
    return quick is not None and repr((quick, ())) != repr(build(text))


@given(DOCUMENTS, st.sampled_from(["", "---\n", "%YAML 1.2\n---\n", "---\n---\n"]))
@settings(deadline=None, max_examples=400)
@example("a: 1\n---\nb: 2\n", "")
@example("a: &x 1\nb: *x", "")
@example("<<: {a: 1}", "")
@example("- <<", "")
@example("1: a", "")
@example("", "")
@example("{[a]: b}", "")
def test_it_says_the_same_or_nothing(text: str, start: str) -> None:
    assert not _differs(start + text)


@given(st.text("ab:-?{}[],&*!|>'\"%@#\\u0 1\n\t", max_size=40))
@settings(deadline=None, max_examples=400)
def test_so_it_does_of_any_text(text: str) -> None:
    assert not _differs(text)


def test_the_documents_of_this_repository_are_read_quickly() -> None:
    found = [
        path for folder in ("examples", "tests/cases") for path in (ROOT / folder).rglob("*.y*ml")
    ]
    texts = [text for path in found if (text := decode(path.name, path.read_bytes())[0])]
    assert len(texts) > 100
    assert not any(_differs(text) for text in texts)
    examples = [path.read_text("utf-8") for path in (ROOT / "examples").rglob("*.prompt.yaml")]
    assert examples
    assert None not in [build_plain(text) for text in examples]


@pytest.mark.parametrize("depth", [MOST_DEPTH - 1, MOST_DEPTH, MOST_DEPTH + 1])
def test_nesting_is_bounded_alike(depth: int) -> None:
    text = "[" * depth + "]" * depth
    assert not _differs(text)
    assert (build_plain(text) is None) == bool(build(text)[1])
