"""`promptreg approvals`."""

from __future__ import annotations

from typing import Annotated

import typer

from promptreg.cli.clock import now
from promptreg.cli.options import Directory, Format, Output, workspace
from promptreg.cli.output import check_format, show, write
from promptreg.commands.approvals import approvals
from promptreg.reporters.approvals import approvals_lines
from promptreg.reporters.values import result_text


def command(
    selector: Annotated[
        str, typer.Argument(metavar="NAME[@VERSION]", help="The release, or what HEAD holds.")
    ],
    format_: Format = "text",
    output: Output = None,
    directory: Directory = None,
) -> int:
    """Show who approved what, and what is missing.

    Reads the committed approvals, teams and gates. An approval that doesn't count is listed with
    the reason; each environment is listed with what it still asks for.

    Examples:
      promptreg approvals support/triage
      promptreg approvals support/triage@1.4.0 --format json
    """
    del directory
    check_format(format_, ("text", "json"))
    found = approvals(workspace(), selector, now())
    if format_ == "json":
        write(result_text("approvals", found), output)
    else:
        show(approvals_lines(found), output)
    return 0
