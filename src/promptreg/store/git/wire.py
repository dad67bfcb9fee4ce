"""Text on its way to git and back: UTF-8, other bytes as surrogates, NUL between records."""

from __future__ import annotations

import re

from promptreg.errors import GitError

_OID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")


def to_bytes(text: str) -> bytes:
    """The bytes that git stores for `text`, in any locale."""
    return text.encode("utf-8", "surrogateescape")


def to_text(data: bytes) -> str:
    """`data` as text that `to_bytes` turns back into the same bytes."""
    return data.decode("utf-8", "surrogateescape")


def is_oid(text: str) -> bool:
    """Whether `text` is a whole object id (SHA-1 or SHA-256)."""
    return _OID.match(text) is not None


def require_oid(text: str) -> str:
    """`text`, or GitError where it is no whole object id."""
    if not is_oid(text):
        raise GitError(f"`{text[:80]}` is not an object id")
    return text


def split_nul(data: bytes) -> tuple[str, ...]:
    """The records of a `-z` answer; an answer that doesn't end with NUL was cut off."""
    if not data:
        return ()
    if not data.endswith(b"\0"):
        raise GitError("git's answer ended in the middle")
    return tuple(to_text(data[:-1]).split("\0"))


def below(prefix: str) -> tuple[str, ...]:
    """The path that limits git to what lies below `prefix`; none where that is everything."""
    return (prefix.rstrip("/"),) if prefix else ()
