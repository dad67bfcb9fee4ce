"""`promptreg impact`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from promptreg.cli.options import Directory, Format, Output, workspace
from promptreg.cli.output import check_format, show, write
from promptreg.commands.impact import impact
from promptreg.reporters.impact import impact_lines
from promptreg.reporters.values import result_text


def command(
    target: Annotated[
        str, typer.Argument(metavar="PATH|NAME", help="A template or another file, or an entry.")
    ],
    format_: Format = "text",
    output: Output = None,
    directory: Directory = None,
) -> int:
    """Show everything that a change would reach

    Templates that include a file, entries that reach it, agents and experiments that use those,
    the environments where they run, and the owners to talk to. Who only hands off to an entry or
    is replaced by it is named and not followed further.

    Examples:
      promptreg impact partials/tone.j2
      promptreg impact support/triage
      promptreg impact support/triage --format json
    """
    del directory
    check_format(format_, ("text", "json"))
    where = workspace()
    found = impact(where, _from_root(where.root, target))
    if format_ == "json":
        write(result_text("impact", found), output)
    else:
        show(impact_lines(found), output)
    return 0


def _from_root(root: Path, target: str) -> str:
    """The path of a file as the registry knows it; anything else stays as it is."""
    place = Path.cwd() / target
    folder = place.parent.resolve()
    if place.is_file() and folder.is_relative_to(root):
        return (folder / place.name).relative_to(root).as_posix()
    return target
