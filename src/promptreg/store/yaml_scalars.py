"""Plain scalars by the core schema of YAML 1.2 (section 10.3), as far as JSON has them."""

from __future__ import annotations

import re

LARGEST_INTEGER = 2**53 - 1
"""The largest integer that every JSON reader holds exactly (RFC 8785 asks for it)."""

MAYBE_SPECIAL = frozenset("-+.0123456789nNtTfF~") | {""}
"""What a plain scalar that is not text starts with."""


class NotJsonError(ValueError):
    """A number that JSON can't carry; the message is for people."""


def resolve(text: str) -> bool | int | float | str | None:
    """The value of a plain scalar; NotJsonError where it is a number that JSON can't carry.

    `no`, dates, `12:30` and `1_000` are text, as they are in YAML 1.2.
    """
    if text in _WORDS:
        return _WORDS[text]
    match = _NUMBER.fullmatch(text)
    if match is None:
        return text
    kind = match.lastgroup
    if kind == "float":
        return _float(text)
    if kind == "special":
        raise NotJsonError(f"`{text}` is a number that JSON doesn't have")
    base = {"decimal": 10, "octal": 8, "hexadecimal": 16}[str(kind)]
    return _integer(text, base)


_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER = re.compile(
    r"(?P<decimal>[-+]?[0-9]+)"
    r"|0o(?P<octal>[0-7]+)"
    r"|0x(?P<hexadecimal>[0-9a-fA-F]+)"
    r"|(?P<float>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<special>[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))"
)


def _integer(text: str, base: int) -> int:
    digits = text.lstrip("+-") if base == 10 else text[2:]
    # Python refuses to read thousands of digits, and what is too long is too large anyway.
    if len(digits.lstrip("0")) <= 18:
        value = int(digits, base)
        if value <= LARGEST_INTEGER:
            return -value if text.startswith("-") else value
    raise NotJsonError(f"`{shorten(text)}` is too large for a number in JSON")


def _float(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise NotJsonError(f"`{shorten(text)}` is too large for a number in JSON")
    return value


def shorten(text: str, most: int = 40) -> str:
    """`text`, cut to `most` characters."""
    return text if len(text) <= most else text[: most - 1] + "…"
