"""What a selector could mean, whatever is released."""

from __future__ import annotations

from promptreg.model.selector import Latest, Point
from promptreg.model.version import Range, Version


def may_mean(point: Point, version: Version) -> bool:
    """Whether a selector's point could ever resolve to a release of this version."""
    if isinstance(point, Version):
        return point == version
    if isinstance(point, Range):
        return point.matches(version)
    return not (isinstance(point, Latest) and version.pre)
