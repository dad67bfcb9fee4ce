"""What time it is: asked here and nowhere else."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

from promptreg.errors import UsageError

VARIABLE = "PROMPTREG_NOW"
"""A moment in ISO 8601 with a zone, for tests and examples whose output must not change."""


def now() -> datetime:
    """The current moment with its zone; where PROMPTREG_NOW is set, that one."""
    said = os.environ.get(VARIABLE)
    if not said:
        return datetime.now(UTC).astimezone()
    moment = _parse(said)
    if moment is None or moment.tzinfo is None:
        raise UsageError(
            f"`{said[:60]}` is no moment with a zone",
            where=f"environment variable {VARIABLE}",
            hint="write it like 2026-11-21T09:00:00+00:00, or unset it",
        )
    return moment


def today() -> date:
    """The current day in the local zone."""
    return now().date()


def read_moment(text: str) -> datetime:
    """`2026-11-21`, `2026-11-21T02:14`, or with a zone (else the local one).

    Raises UsageError.
    """
    moment = _parse(text)
    if moment is None:
        hint = "write `2026-11-21T02:14` or `2026-11-21T02:14+01:00`"
        raise UsageError(f"`{text[:60]}` is no moment", hint=hint)
    return moment if moment.tzinfo else moment.astimezone()


def _parse(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
