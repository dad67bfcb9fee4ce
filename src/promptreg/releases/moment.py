"""Moments, and who was there, as people read them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from promptreg.store.git.commits import Commit


def moment(seconds: int, zone: str = "+0000") -> str:
    """ISO 8601 in git's zone (`+0200`); `@SECONDS` for a date that no calendar holds."""
    try:
        sign = -1 if zone.startswith("-") else 1
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5]))
        return datetime.fromtimestamp(seconds, timezone(sign * offset)).isoformat()
    except (ValueError, OverflowError, OSError):
        return f"@{seconds}"


def author_of(commit: Commit) -> str:
    """Who wrote the commit, as `Name <address>`."""
    return f"{commit.author.name} <{commit.author.email}>"


def committed_at(commit: Commit) -> str:
    """When the commit entered the history."""
    return moment(commit.committer.seconds, commit.committer.zone)
