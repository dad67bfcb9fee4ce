"""`promptreg freeze`."""

from __future__ import annotations

from typing import Annotated

import typer

from promptreg.cli.options import Directory, Format, workspace
from promptreg.cli.output import check_format
from promptreg.cli.writing import DryRun, Manner, NeededReason, NoCommit, Push, carry_out
from promptreg.commands.freeze import plan_freeze
from promptreg.releases.freezing import Freezing


def command(
    environment: Annotated[str, typer.Argument(metavar="ENV", help="The environment.")],
    reason: NeededReason,
    no_commit: NoCommit = False,
    dry_run: DryRun = False,
    push: Push = False,
    format_: Format = "text",
    directory: Directory = None,
) -> int:
    """Let nothing be promoted to an environment.

    `promote` refuses and `check` finds what is promoted in a pull request. What ran there before
    may run there again (`rollback`), and entries may be suspended.

    Examples:
      promptreg freeze production --reason "Black Friday"
      promptreg freeze production --reason "audit until Tuesday" --push
    """
    del directory
    check_format(format_, ("text", "json"))
    here = workspace()
    request = Freezing(environment, reason, commit=not no_commit)
    how = Manner("freeze", dry_run, push, format_)
    return carry_out(here, lambda: plan_freeze(here, request), request, how)
