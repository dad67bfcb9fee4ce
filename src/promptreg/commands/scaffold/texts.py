"""The texts that new files begin with."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

_SLOT = re.compile(r"<<([a-z_]+)>>")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./@-]*(?: [A-Za-z0-9_./@-]+)*")
# Words that YAML 1.1 or 1.2 readers take for something else than text.
_NO_TEXT = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
# Line breaks and controls that JSON leaves as they are and YAML doesn't.
_BREAKS = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")


def filled(name: str, values: Mapping[str, str]) -> str:
    """The text `data/NAME` with each `<<word>>` replaced by its value."""
    text = (Path(__file__).parent / "data" / name).read_text(encoding="utf-8")
    return _SLOT.sub(lambda slot: values[slot[1]], text)


def scalar(text: str) -> str:
    """`text` as a YAML scalar on one line, quoted where a reader could take it for no text."""
    if _PLAIN.fullmatch(text) and text.lower() not in _NO_TEXT:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _BREAKS.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)
