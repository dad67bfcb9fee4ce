"""The one printer of other people's text: nothing in it can act on a terminal or a CI log."""

from __future__ import annotations

import re
from functools import cache

MOST = 200
"""Characters of a value that are shown."""

# C0 and C1 controls, line separators, zero-width and bidi marks, noncharacters, surrogates (bytes
# that were not UTF-8), variation selectors supplement and tag characters.
_ACTING = (
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
_COMMAND = r"^(\s*):(?=:)"
_BRACKET = r"#(?=#(?:\[|vso\[))"


def printable(text: str, *, most: int = MOST) -> str:
    """One line of `text`: what could act is shown as `\\u{…}`, the rest cut at `most`."""
    return _shown(text[:most]) + "…" if len(text) > most else _shown(text)


def printable_lines(text: str) -> list[str]:
    """The lines of `text`, each printable and none cut; TAB stays."""
    return [
        "\t".join(_shown(piece) for piece in line.removesuffix("\r").split("\t"))
        for line in text.split("\n")
    ]


def without_commands(line: str) -> str:
    """The line so that no CI runner takes it as a workflow command.

    GitHub obeys `::command` after leading blanks and `##[command]` anywhere, Azure `##vso[`.
    """
    if "::" in line:
        line = re.sub(_COMMAND, r"\1\\u{3a}", line)
    return re.sub(_BRACKET, _escape, line) if "##" in line else line


def quiet_json(text: str) -> str:
    """JSON text that means the same, in which no character and no CI command can act."""
    # Outside of strings JSON has none of these but the line feeds that lay it out.
    return re.sub(_BRACKET, r"\\u0023", _acts().sub(_json_escape, text))


def is_command(line: str) -> bool:
    """Whether a CI runner would take the line as a workflow command."""
    return without_commands(line) != line


def _shown(text: str) -> str:
    # Nearly all text is this, and most runs meet no other.
    if text.isascii() and text.isprintable():
        return text
    return _acts().sub(_escape, text)


@cache  # on use: it takes longer to make than anything that it is used for
def _acts() -> re.Pattern[str]:
    return re.compile(_ACTING)


def _json_escape(match: re.Match[str]) -> str:
    if match[0] == "\n":
        return match[0]
    units = match[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"  # a byte of a name that isn't UTF-8
    return f"\\u{{{code:x}}}"
