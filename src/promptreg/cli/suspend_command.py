"""`promptreg suspend`."""

from __future__ import annotations

from typing import Annotated

import typer

from promptreg.cli.options import Directory, Format, workspace
from promptreg.cli.output import check_format
from promptreg.cli.writing import DryRun, Manner, NeededReason, NoCommit, Push, carry_out
from promptreg.commands.freeze import plan_suspend
from promptreg.releases.suspending import Suspending


def command(
    name: Annotated[str, typer.Argument(help="The prompt or agent.")],
    environment: Annotated[
        str, typer.Option("--env", "-e", metavar="ENV", help="The environment to take it out of.")
    ],
    reason: NeededReason,
    no_commit: NoCommit = False,
    dry_run: DryRun = False,
    push: Push = False,
    format_: Format = "text",
    directory: Directory = None,
) -> int:
    """Take an entry out of an environment for the time being.

    NAME@ENV fails from then on and says why. `rollback` puts back what ran, `promote` another
    release. Names the agents that use it there; what an agent was released with it keeps.

    Examples:
      promptreg suspend support/triage --env production --reason "invents order numbers"
      promptreg suspend support/triage --env production --reason "see INC-7" --push
    """
    del directory
    check_format(format_, ("text", "json"))
    here = workspace()
    request = Suspending(name, environment, reason, commit=not no_commit)
    how = Manner("suspend", dry_run, push, format_)
    return carry_out(here, lambda: plan_suspend(here, request), request, how)
