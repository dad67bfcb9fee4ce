"""`promptreg blame`."""

from __future__ import annotations

from typing import Annotated

import typer

from promptreg.cli.options import Directory, Format, Output, workspace
from promptreg.cli.output import check_format, show, write
from promptreg.commands.blame import blame
from promptreg.reporters.blame import blame_lines
from promptreg.reporters.values import result_text


def command(
    selector: Annotated[str, typer.Argument(help="An entry, or one at a point.")],
    format_: Format = "text",
    output: Output = None,
    directory: Directory = None,
) -> int:
    """Show which commit and which release each line came from.

    A plain name means the commit HEAD; `-` in place of a version means that no release holds the
    line yet.

    Examples:
      promptreg blame support/triage
      promptreg blame support/triage@production
    """
    del directory
    check_format(format_, ("text", "json"))
    found = blame(workspace(), selector)
    if format_ == "json":
        write(result_text("blame", found), output)
    else:
        show(blame_lines(found), output)
    return 0
