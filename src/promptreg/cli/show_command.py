"""`promptreg show`."""

from __future__ import annotations

from typing import Annotated

import typer

from promptreg.cli.options import Directory, Format, Output, workspace
from promptreg.cli.output import check_format, show, talk, write
from promptreg.commands.show import show as show_entry
from promptreg.reporters.entry import entry_lines
from promptreg.reporters.printable import printable, without_commands
from promptreg.reporters.values import result_text


def command(
    selector: Annotated[
        str, typer.Argument(metavar="SELECTOR", help="NAME, NAME@1.4.0, NAME@production, …")
    ],
    format_: Format = "text",
    output: Output = None,
    directory: Directory = None,
) -> int:
    """Show an entry: its contract, its releases, where it runs and who uses it.

    The manifest is that of the selector; releases, environments and users are those of now.

    Examples:
      promptreg show support/triage
      promptreg show support/triage@production
      promptreg show support-bot@latest --format json
    """
    del directory
    check_format(format_, ("text", "json"))
    shown = show_entry(workspace(), selector)
    if format_ == "json":
        write(result_text("show", shown), output)
    else:
        show(entry_lines(shown), output)
    for note in shown.notes:
        talk(without_commands(f"note: {printable(note, most=400)}"))
    return 0
