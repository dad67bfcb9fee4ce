"""`promptreg promote`."""

from __future__ import annotations

from typing import Annotated

import typer

from promptreg.cli.clock import now
from promptreg.cli.options import Directory, Format, workspace
from promptreg.cli.output import check_format
from promptreg.cli.writing import DryRun, Manner, NoCommit, Push, Reason, carry_out
from promptreg.commands.promote import PromoteRequest, plan_promotion


def command(
    selectors: Annotated[list[str], typer.Argument(metavar="NAME@VERSION...", help="Releases.")],
    environment: Annotated[
        str, typer.Option("--env", "-e", metavar="ENV", help="The environment to change.")
    ],
    reason: Reason = "",
    no_commit: NoCommit = False,
    dry_run: DryRun = False,
    push: Push = False,
    format_: Format = "text",
    directory: Directory = None,
) -> int:
    """Point an environment to a release.

    Changes environments/ENV.yaml in a commit of its own. Other staged changes are kept.

    Examples:
      promptreg promote support/triage@1.4.0 --env production
      promptreg promote support/triage@latest support/reply@latest --env staging
      promptreg promote support/triage@1.4.0 -e production --reason "Q3 queues" --dry-run
    """
    del directory
    check_format(format_, ("text", "json"))
    here = workspace()
    request = PromoteRequest(tuple(selectors), environment, reason, commit=not no_commit)
    how = Manner("promote", dry_run, push, format_)
    return carry_out(here, lambda: plan_promotion(here, request, now()), request, how)
