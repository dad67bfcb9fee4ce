"""`promptreg unfreeze`."""

from __future__ import annotations

from typing import Annotated

import typer

from promptreg.cli.options import Directory, Format, workspace
from promptreg.cli.output import check_format
from promptreg.cli.writing import DryRun, Manner, NoCommit, Push, Reason, carry_out
from promptreg.commands.freeze import plan_unfreeze
from promptreg.releases.freezing import Freezing


def command(
    environment: Annotated[str, typer.Argument(metavar="ENV", help="The environment.")],
    reason: Reason = "",
    no_commit: NoCommit = False,
    dry_run: DryRun = False,
    push: Push = False,
    format_: Format = "text",
    directory: Directory = None,
) -> int:
    """Let releases be promoted to an environment again.

    Examples:
      promptreg unfreeze production
      promptreg unfreeze production --reason "the audit is over" --push
    """
    del directory
    check_format(format_, ("text", "json"))
    here = workspace()
    request = Freezing(environment, reason, commit=not no_commit)
    how = Manner("unfreeze", dry_run, push, format_)
    return carry_out(here, lambda: plan_unfreeze(here, request), request, how)
