"""`promptreg merge-environment`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from promptreg.cli.options import Directory
from promptreg.cli.output import talk
from promptreg.commands.merge_environment import merge_files
from promptreg.reporters.printable import printable


def command(
    base: Annotated[Path, typer.Argument(metavar="BASE", help="What both sides come from.")],
    ours: Annotated[Path, typer.Argument(metavar="OURS", help="Our side; the result goes there.")],
    theirs: Annotated[Path, typer.Argument(metavar="THEIRS", help="The other side.")],
    path: Annotated[
        str, typer.Argument(metavar="[PATH]", help="What people call the file.")
    ] = "the environment",
    directory: Directory = None,
) -> int:
    """Merge an environment's file by entry; git calls this.

    What the sides did to different entries goes together. What both did to one entry is a conflict
    around that entry, and the exit code is 1. `promptreg init --merge-driver` tells git of it.

    Examples:
      git config merge.promptreg-environment.driver "promptreg merge-environment %O %A %B %P"
    """
    del directory
    merged = merge_files(base, ours, theirs)
    name = printable(path)
    if merged.whole:
        talk(f"{name}: {merged.whole}; it is left to you as a whole")
    elif merged.conflicts:
        shown = ", ".join(printable(one) for one in merged.conflicts[:10])
        more = len(merged.conflicts) - 10
        talk(f"{name}: both sides changed {shown}" + (f" and {more} more" if more > 0 else ""))
    return 0 if merged.is_clean else 1
