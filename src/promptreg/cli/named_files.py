"""Files that the command line names. Where the repository could have put a link, none is followed.

A pull request may hold `report.json` as a link out of the repository; CI, which writes there or
reads it, would do so wherever the link leads. Links outside the current folder are the caller's
own: `/dev/stdout` is one.
"""

from __future__ import annotations

import os
from pathlib import Path

from promptreg.errors import UsageError


def refuse_link(path: Path) -> None:
    """Raise UsageError where a part of `path` below the current folder is a symbolic link."""
    here = Path.cwd()
    absolute = Path(os.path.normpath(here / path))
    if not absolute.is_relative_to(here):
        return
    place = here
    for part in absolute.relative_to(here).parts:
        place /= part
        if place.is_symlink():
            raise UsageError(
                "a link inside the current folder is not followed",
                where=str(place.relative_to(here)),
                hint="name the file that is meant, or one outside of the repository",
            )
