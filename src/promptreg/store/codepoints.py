"""Which code points a text may hold, and where (HARDENING: what a reader can't see, a model can).

`check_text` serves raw files, decoded YAML values and rendered text alike.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from promptreg.model.finding import Severity
from promptreg.store.scripts import (
    BRAILLE_DOTS,
    CYRILLIC_OR_GREEK,
    HANGUL_HALFWIDTH,
    HANGUL_JAMO,
    HANGUL_LETTERS,
    IDEOGRAPH,
    JOINING,
    MARK,
    PICTOGRAPH,
    RGI_FLAG,
    RIGHT_TO_LEFT,
    SPACELESS,
    compiled,
    mixed_words,
)

MOST = 20
"""`check_text` gives at most this many errors, and as many warnings."""


class Suspect(NamedTuple):
    """A code point that shouldn't be there; `at` counts characters from 0."""

    at: int
    codepoint: str
    severity: Severity
    why: str


def check_text(text: str) -> tuple[Suspect, ...]:
    """Everything odd in `text`, in order of place; empty for clean text, which is the fast case."""
    if _is_plain(text):
        return ()
    errors: list[Suspect] = []
    warnings: list[Suspect] = []
    for match in compiled(_ODD).finditer(text):
        if len(errors) == MOST and len(warnings) == MOST:
            break
        found = _judge(text, match)
        if found is not None:
            into = errors if found.severity is Severity.ERROR else warnings
            if len(into) < MOST:
                into.append(found)
    for index, word in mixed_words(text):
        if len(warnings) == MOST:
            break
        warnings.append(Suspect(index, word, Severity.WARNING, "mixes alphabets that look alike"))
    return tuple(sorted(errors + warnings))


def is_clean_ascii(data: bytes) -> bool:
    """Whether ASCII `data` holds nothing but printable characters, tabs and line ends."""
    return not data.translate(None, _PRINTABLE) and _has_whole_line_ends(data)


def _is_plain(text: str) -> bool:
    """Whether `text` holds nothing that needs a look at its context; may err towards False.

    Printable ASCII is dropped first, as bytes: most text has little else.
    """
    if text.isascii():
        return is_clean_ascii(text.encode("ascii"))
    data = text.encode("utf-8", "surrogatepass")
    rest = data.translate(None, _PRINTABLE).decode("utf-8", "surrogatepass")
    return compiled(_ODD_OR_FOREIGN).search(rest) is None and _has_whole_line_ends(data)


def _has_whole_line_ends(data: bytes) -> bool:
    return b"\r" not in data or data.count(b"\r") == data.count(b"\r\n")


_PRINTABLE = bytes((9, 10, 13, *range(0x20, 0x7F)))

_NONCHARACTERS = "\ufdd0-\ufdef\ufffe\uffff" + "".join(
    chr(plane * 0x10000 + 0xFFFE) + chr(plane * 0x10000 + 0xFFFF) for plane in range(1, 17)
)
_TAGS = "\U000e0000-\U000e007f"
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"

# An RGI flag is matched as a whole, so that its tags are never seen alone.
_ODD = (
    RGI_FLAG + "|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff"
    f"{_TAGS}\U000e0100-\U000e01ef{_NONCHARACTERS}{_PRIVATE}]|\r(?!\n)"
)

_ODD_OR_FOREIGN = f"{_ODD}|{CYRILLIC_OR_GREEK}"

_FORBIDDEN = (
    ("\r", "a carriage return without a line feed ends a line in some programs only"),
    ("[\x00-\x1f\x7f-\x84\x86-\x9f]", "a control character"),
    ("[\x85\u2028\u2029]", "some programs end a line here, which hides what follows"),
    ("[\u202a-\u202e\u2066-\u2069]", "reorders the text that a reader sees"),
    (f"[{_TAGS}]", "an invisible tag character outside a flag"),
    (f"[{_NONCHARACTERS}]", "stands for no character in any text"),
    ("[\u2060-\u2065\u206a-\u206f\ufff9-\ufffb]", "an invisible format character"),
    ("\ufeff", "a byte order mark inside the text is invisible"),
    ("[\ud800-\udfff]", "half of a surrogate pair is no character"),
)
_SELECTOR_WHY = "a variation selector that selects nothing can carry hidden data"


def _judge(text: str, match: re.Match[str]) -> Suspect | None:
    """The verdict on one match of `_ODD`; None where its context makes it legitimate."""
    index, char = match.start(), match.group()
    if len(char) > 1:
        return None
    if "\U000e0100" <= char <= "\U000e01ef":
        fine = compiled(IDEOGRAPH).match(text[index - 1 : index])
        return None if fine else Suspect(index, char, Severity.ERROR, _SELECTOR_WHY)
    for pattern, why in _FORBIDDEN:
        if compiled(pattern).match(char):
            return Suspect(index, char, Severity.ERROR, why)
    why = _out_of_context(text, index, char)
    return Suspect(index, char, Severity.WARNING, why) if why else None


def _out_of_context(text: str, index: int, char: str) -> str:
    """Why `char` is suspicious at `index`; empty where its script needs it."""
    before, after = text[index - 1 : index] if index else "", text[index + 1 : index + 2]
    if char == "\u200d" and _joins_pictographs(text, index):
        return ""
    if char in _NEIGHBOURS:
        pattern, why = _NEIGHBOURS[char]
        near = compiled(pattern)
        return "" if near.match(before) or near.match(after) else why
    if char in _NEARBY:
        pattern, why = _NEARBY[char]
        return "" if compiled(pattern).search(_same_line(text, index)) else why
    if "\ufe00" <= char <= "\ufe0f":
        return "" if _selects(before) else _SELECTOR_WHY
    if char == "\xad":
        return "an invisible soft hyphen breaks a word for a program, not for a reader"
    return "a private-use character means nothing to others"


_NEIGHBOURS = {
    "\u200b": (SPACELESS, "an invisible space outside a script that needs it"),
    "\u200c": (JOINING, "an invisible joiner outside a script that needs it"),
    "\u200d": (JOINING, "an invisible joiner outside an emoji or a script that needs it"),
    "\u034f": (MARK, "an invisible joiner with no accent beside it"),
    "\u115f": (HANGUL_JAMO, "an invisible filler outside Korean text"),
    "\u1160": (HANGUL_JAMO, "an invisible filler outside Korean text"),
    "\u3164": (HANGUL_LETTERS, "an invisible filler outside Korean text"),
    "\uffa0": (HANGUL_HALFWIDTH, "an invisible filler outside Korean text"),
}
_NEARBY = {
    "\u200e": (RIGHT_TO_LEFT, "an invisible direction mark in a line without right-to-left text"),
    "\u200f": (RIGHT_TO_LEFT, "an invisible direction mark in a line without right-to-left text"),
    "\u061c": (RIGHT_TO_LEFT, "an invisible direction mark in a line without right-to-left text"),
    "\u2800": (BRAILLE_DOTS, "a blank that is no space, outside braille"),
}


def _joins_pictographs(text: str, index: int) -> bool:
    """Whether the joiner at `index` stands within an emoji sequence."""
    start = index - 1
    if start > 0 and text[start] == "\ufe0f":
        start -= 1
    if start > 0 and "\U0001f3fb" <= text[start] <= "\U0001f3ff":
        start -= 1
    if start < 0:
        return False
    picture = compiled(PICTOGRAPH)
    return bool(picture.match(text[start]) and picture.match(text[index + 1 : index + 2]))


def _selects(before: str) -> bool:
    """Whether a variation selector means something after `before`."""
    if not before or "\ufe00" <= before <= "\ufe0f":
        return False
    return before in "0123456789#*" or not before.isascii()


# Wide enough for a line of prose, narrow enough that a line of 200 KB costs nothing.
_WINDOW = 400


def _same_line(text: str, index: int) -> str:
    start = max(text.rfind("\n", max(index - _WINDOW, 0), index) + 1, index - _WINDOW, 0)
    end = text.find("\n", index, index + _WINDOW)
    return text[start : end if end >= 0 else index + _WINDOW]
