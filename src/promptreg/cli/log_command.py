"""`promptreg log`."""

from __future__ import annotations

from typing import Annotated

import typer

from promptreg.cli.options import Directory, Format, Output, workspace
from promptreg.cli.output import check_format, show, write
from promptreg.commands.log import log
from promptreg.reporters.log import log_lines
from promptreg.reporters.values import result_text


def command(
    name: Annotated[str, typer.Argument(help="The prompt or agent.")],
    format_: Format = "text",
    output: Output = None,
    directory: Directory = None,
) -> int:
    """Show the history of an entry.

    Commits to its manifest and to every template it reaches, across renames, with its releases
    and the moves of its environments in their places. The order is ancestry, not the clock.

    Examples:
      promptreg log support/triage
      promptreg log support/triage --format json
    """
    del directory
    check_format(format_, ("text", "json"))
    found = log(workspace(), name)
    if format_ == "json":
        write(result_text("log", found), output)
    else:
        show(log_lines(found), output)
    return 0
