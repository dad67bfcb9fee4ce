"""Moments, as people read them."""

from __future__ import annotations

from datetime import datetime


def to_the_minute(moment: str) -> str:
    """`2026-11-18T02:14+01:00`, or `…Z` for UTC, of an ISO 8601 text; other text as it stands."""
    try:
        text = datetime.fromisoformat(moment).isoformat(timespec="minutes")
    except ValueError:
        return moment
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text
