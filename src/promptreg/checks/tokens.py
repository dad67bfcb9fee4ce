"""Counting tokens: exactly where the tokenizer is installed, else at a safe estimate."""

from __future__ import annotations

from functools import cache
from typing import Protocol

_BYTES_PER_TOKEN = 3.5
"""English prose has more than four bytes a token; an estimate must rather be too high."""

MISSING = "tokens are estimated; with the package bpe-openai (the extra `tokens`) they are counted exactly"


class _Encoding(Protocol):
    def count(self, text: str) -> int: ...


def count_tokens(text: str) -> int:
    """Tokens of `text` in o200k_base, or an estimate of them (see `is_exact`)."""
    encoding = _encoding()
    if encoding is None:
        return -int(-len(text.encode("utf-8", "replace")) // _BYTES_PER_TOKEN)
    return encoding.count(text)


def is_exact() -> bool:
    """Whether `count_tokens` counts; it estimates without the optional tokenizer."""
    return _encoding() is not None


@cache
def _encoding() -> _Encoding | None:
    try:
        from bpe_openai import bpe_openai  # noqa: PLC0415 - optional, and its wrapper is slow
    except ImportError:
        return None
    encoding: _Encoding = bpe_openai.o200k_base()
    return encoding
