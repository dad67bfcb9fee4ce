"""Texts of other people inside an event: one line, well-formed, and not longer than people read."""

from __future__ import annotations

from hashlib import sha256

from promptreg.model.canonical import canonical_json
from promptreg.model.data import Json
from promptreg.ops.audit.facts import Pinned, Stage

MOST = 1000
"""Characters of a text; of a longer one the hash tells what was cut."""


def kept(text: str) -> str:
    """The text on one line; bytes that weren't UTF-8 are written `\\xff`.

    What is too long ends in the SHA-256 of the whole.
    """
    known = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    line = " ".join(known.split())
    if len(line) <= MOST:
        return line
    return f"{line[:MOST]}… (sha256:{sha256(line.encode()).hexdigest()})"


def json_line(value: Json) -> str:
    """A part of a document on one line; nothing for nothing."""
    return "" if value is None else kept(canonical_json(value).decode())


def hash_of(content: bytes | None) -> str:
    """`sha256:` and the digits; nothing for nothing."""
    return "" if content is None else "sha256:" + sha256(content).hexdigest()


def pinned(pin: Pinned | None) -> str:
    """`1.4.0`, `suspended 1.4.0`, or nothing."""
    if pin is None:
        return ""
    return f"suspended {pin.version}" if pin.suspended else pin.version


def staged(stage: Stage | None, *, whole: bool = False) -> str:
    """`deprecated, sunset 2027-01-31, replaced by x`; the `whole` with owner and risk."""
    if stage is None:
        return ""
    parts = [stage.lifecycle or "no lifecycle"]
    parts += [f"sunset {stage.sunset}"] * bool(stage.sunset)
    parts += [f"replaced by {stage.replaced_by}"] * bool(stage.replaced_by)
    if whole:
        parts += [f"owner {stage.owner}", f"{stage.risk} risk"]
    return kept(", ".join(parts))
