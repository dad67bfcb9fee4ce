"""Other people's text as Markdown and markup."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.reporters.inert import cell, code, fence, markup, prose
from promptreg.reporters.printable import printable

texts = st.text(st.characters() | st.sampled_from("`` @#|\\[]()<>!*_~:/.$&\n\t"), max_size=60)


@settings(deadline=None, max_examples=300)
@given(text=texts.filter(bool))
def test_a_span_holds_the_text_as_it_is(inert_markdown: Callable[[str], Any], text: str) -> None:
    (_, inline, _) = inert_markdown("x " + code(text))
    span = inline.children[-1]
    assert span.type == "code_inline"
    assert span.content == printable(text)


@settings(deadline=None, max_examples=300)
@given(text=texts)
def test_prose_says_the_same(inert_markdown: Callable[[str], Any], text: str) -> None:
    (_, inline, _) = inert_markdown(f"x{prose(text)}x")
    said = "".join(child.content for child in inline.children)
    assert said.replace("`", "") == f"x{printable(text)}x".replace("`", "")


@settings(deadline=None, max_examples=300)
@given(lines=st.lists(texts, min_size=1, max_size=4))
def test_a_fence_holds_the_lines_as_they_are(
    inert_markdown: Callable[[str], Any], lines: list[str]
) -> None:
    (token,) = inert_markdown("\n".join(fence(lines)))
    assert token.content == "".join(f"{printable(line.expandtabs(4))}\n" for line in lines)


@settings(deadline=None, max_examples=300)
@given(text=texts)
def test_a_cell_is_one_cell(inert_markdown: Callable[[str], Any], text: str) -> None:
    tokens = inert_markdown(f"| a | b |\n| - | - |\n| {cell(text)} | 1 |\n")
    assert [one.type for one in tokens].count("td_open") == 2


@settings(deadline=None, max_examples=300)
@given(text=texts)
def test_markup_is_text(text: str) -> None:
    shown = markup(text)
    assert not set('<>"') & set(shown)
    assert html.unescape(shown) == html.unescape(html.escape(printable(text)))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("`tier` is used but not declared", "`tier` is used but not declared"),
        ("one of `a`, `b` (or none).", "one of `a`, `b` (or none)."),
        ("it doesn't fit, see line 22, please", "it doesn't fit, see line 22, please"),
        ("ask @here now", "ask `@here` now"),
        ("read https://example.com/x and www.example.com", "read `https://example.com/x` and `www.example.com`"),
        ("fixes #12 in owner/repo#3", "fixes `#12` in `owner/repo#3`"),
        ("<b>bold</b> **words** _here_", "`<b>bold</b> **words** _here_`"),
        ("a ` alone", "a `` ` `` alone"),
        ("`a`@here", "`a@here`"),
        ("commit deadbeef, 1234567", "commit `deadbeef, 1234567`"),
        ("größe und 大きさ", "größe und 大きさ"),
        ("", ""),
    ],
)  # fmt: skip
def test_prose_keeps_plain_words(text: str, shown: str) -> None:
    assert prose(text) == shown
