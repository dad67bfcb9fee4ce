"""Bytes of a file as text: strict UTF-8 whose code points a reader can trust."""

from __future__ import annotations

import unicodedata

from promptreg.model.data import Route
from promptreg.model.finding import Finding, Location, Place, Severity
from promptreg.store.codepoints import Suspect, check_text, is_clean_ascii

_NAMED_PLACES = 5


def decode(path: str, data: bytes) -> tuple[str | None, tuple[Finding, ...]]:
    """The text of a file and what is wrong with it; no text where there is an error.

    UTF-8 without a byte order mark; line ends are kept as they are.
    """
    if data.isascii() and is_clean_ascii(data):
        return data.decode("ascii"), ()
    broken = _byte_order_mark(data)
    if broken:
        return None, (_not_utf8(path, Place(1, 1), broken),)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        what = f"byte 0x{data[error.start]:02x} is not UTF-8"
        return None, (_not_utf8(path, place_of(before, len(before)), what),)
    findings = text_findings(path, text, check_text(text))
    broken_text = any(finding.severity is Severity.ERROR for finding in findings)
    return None if broken_text else text, findings


def text_findings(
    path: str, text: str, suspects: tuple[Suspect, ...], *, route: Route | None = None
) -> tuple[Finding, ...]:
    """One finding for each distinct code point among `suspects` of `text`.

    With a `route` the text is the value that stands there, and positions are within that value.
    """
    groups: dict[str, list[Suspect]] = {}
    for suspect in suspects:
        groups.setdefault(suspect.codepoint, []).append(suspect)
    return tuple(_finding(path, text, group, route) for group in groups.values())


def place_of(text: str, index: int) -> Place:
    """The line and column of the character at `index`; lines end with LF."""
    return Place(text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))


def describe(codepoint: str) -> str:
    """`U+200B ZERO WIDTH SPACE`, or a word in quotes."""
    if len(codepoint) != 1:
        return f"the word `{codepoint[:40]}`"
    name = unicodedata.name(codepoint, "") or _CONTROL_NAMES.get(codepoint, "")
    return f"U+{ord(codepoint):04X} {name}".rstrip()


def key_of(codepoint: str) -> str:
    """`U+200B`, or the word: what tells one finding from another."""
    return f"U+{ord(codepoint):04X}" if len(codepoint) == 1 else codepoint[:40]


_CONTROL_NAMES = {
    "\0": "NULL",
    "\x08": "BACKSPACE",
    "\r": "CARRIAGE RETURN",
    "\x1b": "ESCAPE",
    "\x7f": "DELETE",
    "\x85": "NEXT LINE",
}


def _finding(path: str, text: str, group: list[Suspect], route: Route | None) -> Finding:
    first = group[0]
    is_error = first.severity is Severity.ERROR
    more = f" ({len(group)} times)" if len(group) > 1 else ""
    word = len(first.codepoint) > 1
    places = [_location(path, place_of(text, one.at), route) for one in group[:_NAMED_PLACES]]
    return Finding(
        rule="forbidden-character" if is_error else "suspicious-character",
        severity=first.severity,
        message=f"{describe(first.codepoint)}{more}: {first.why}",
        at=places[0],
        key=key_of(first.codepoint),
        fix="write the word in one alphabet" if word else "delete the character",
        related=tuple(
            Location(at.path, at.route, at.place, at.inside, "and here") for at in places[1:]
        ),
    )


def _location(path: str, place: Place, route: Route | None) -> Location:
    if route is None:
        return Location(path, place=place)
    return Location(path, route, inside=place)


def _not_utf8(path: str, place: Place, what: str) -> Finding:
    return Finding(
        rule="not-utf8",
        severity=Severity.ERROR,
        message=f"{what}; a file is UTF-8 without a byte order mark",
        at=Location(path, place=place),
        fix="save the file as UTF-8 without a byte order mark",
    )


def _byte_order_mark(data: bytes) -> str:
    if data.startswith(b"\xef\xbb\xbf"):
        return "the file starts with a byte order mark"
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "the file is UTF-32"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "the file is UTF-16"
    return ""
