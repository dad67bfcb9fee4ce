"""Canonical JSON (RFC 8785), fast where Python's own encoder writes the very same bytes."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import Any

_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')
_OTHER_NUMBER = re.compile(r"[eE]|\.0(?![0-9])|[0-9]{16}")
"""In a text without its strings, `true` and `false`: what ECMAScript writes in another way than
Python (`1.0`, `1e16`, `1e-05`), or an integer that may be too large. Of `0.25` both make the same.
"""
_MAYBE_OTHER = re.compile(r"[0-9](?:[eE]|\.0(?![0-9])|[0-9]{15})")
"""Finds each of them in a text with its strings, and digits of strings that look like one, too."""


def canonical_json(value: Any) -> bytes:
    """The bytes that RFC 8785 gives JSON data (dicts with string keys, lists, scalars).

    Raises ValueError for what has none: numbers out of range, texts with half a surrogate pair.
    """
    fast = _fast(value)
    if fast is not None:
        return fast
    import rfc8785  # noqa: PLC0415 - only what needs it pays for the import

    return rfc8785.dumps(value)


def canonical_digest(value: Any) -> str:
    """`sha256:` and 64 hex digits over those bytes."""
    return "sha256:" + sha256(canonical_json(value)).hexdigest()


def _fast(value: Any) -> bytes | None:
    """None where Python's encoder might differ: some floats, large integers, keys in another order."""
    try:
        text = json.dumps(
            value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
        )
        data = text.encode()
    except (RecursionError, TypeError, ValueError):
        return None
    # RFC 8785 sorts keys by UTF-16 units, Python by characters. Only above U+FFFF do they differ.
    if not text.isascii() and len(text.encode("utf-16-le")) > 2 * len(text):
        return None
    if not _MAYBE_OTHER.search(text):
        return data
    bare = _STRING.sub("", text).replace("true", "").replace("false", "")
    return None if _OTHER_NUMBER.search(bare) else data
