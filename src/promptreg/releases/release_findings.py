"""Findings about releases: they point to a ref, since no file is wrong."""

from __future__ import annotations

from promptreg.model.finding import Finding, Location, Severity
from promptreg.releases.tag import PREFIX, Release


def release_finding(
    rule: str, release: Release, message: str, *, key: str = "", fix: str = "", other: str = ""
) -> Finding:
    """An error about a release, at `refs/tags/NAME@vVERSION`; `other` is a ref that explains it."""
    return Finding(
        rule=rule,
        severity=Severity.ERROR,
        message=message,
        at=Location(PREFIX + release.tag),
        entry=release.name,
        key=" ".join(filter(None, (str(release.version), key))),
        fix=fix,
        related=(Location(PREFIX + other, note="see"),) if other else (),
    )
