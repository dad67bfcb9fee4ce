"""What is shown of other people's text, character by character."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.reporters.printable import printable, printable_lines, without_commands

# Written down once more, as ranges: what may never reach a terminal as it is.
ACTING = (
    *((0x00, 0x1F), (0x7F, 0x9F), (0xAD, 0xAD), (0x61C, 0x61C), (0x200B, 0x200B)),
    *((0x200E, 0x200F), (0x2028, 0x202E), (0x2060, 0x206F), (0xD800, 0xDFFF)),
    *((0xFDD0, 0xFDEF), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB), (0xFFFE, 0xFFFF)),
    (0xE0000, 0xE0FFF),
)


def test_every_character_that_acts_is_escaped_and_no_other() -> None:
    escaped = {code for code in range(sys.maxunicode + 1) if printable(chr(code)) != chr(code)}
    assert escaped == {code for first, last in ACTING for code in range(first, last + 1)}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "\\u{1b}[31m"),
        ("größe\u202e", "größe\\u{202e}"),
        ("\udcff", "\\xff"),
        ("\udfff", "\\u{dfff}"),
        ("a\tb\n", "a\\u{9}b\\u{a}"),
        ("a" * 201, "a" * 200 + "…"),
        ("\x00" * 201, "\\u{0}" * 200 + "…"),
    ],
)
def test_shown(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_lines_keep_their_tabs_and_are_never_cut() -> None:
    assert printable_lines("a\tb\x07\r\n" + "c" * 300) == ["a\tb\\u{7}", "c" * 300]


pieces = st.sampled_from(
    [":", "::", "#", "##", "[", "##[", "vso[", "##vso[", " ", "\t", "\x85", "\u2003", "\n", "a"]
)


@settings(deadline=None)
@given(st.lists(pieces, max_size=8).map("".join))
def test_commands_are_found_wherever_they_stand(line: str) -> None:
    first = re.sub(r"^(\s*):(?=:)", r"\1\\u{3a}", line)
    assert without_commands(line) == re.sub(r"#(?=#(?:\[|vso\[))", r"\\u{23}", first)
