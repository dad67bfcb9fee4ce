"""`promptreg deprecate`."""

from __future__ import annotations

from typing import Annotated

import typer

from promptreg.cli.clock import today
from promptreg.cli.options import Directory, Format, workspace
from promptreg.cli.output import check_format
from promptreg.cli.writing import DryRun, Manner, NoCommit, Push, Reason, carry_out
from promptreg.commands.lifecycle import LifecycleRequest, plan_deprecate


def command(
    name: Annotated[str, typer.Argument(help="The prompt or agent.")],
    replaced_by: Annotated[
        str, typer.Option("--replaced-by", metavar="OTHER", help="What to use instead.")
    ] = "",
    sunset: Annotated[
        str, typer.Option("--sunset", metavar="DATE", help="The last day: YYYY-MM-DD.")
    ] = "",
    reason: Reason = "",
    no_commit: NoCommit = False,
    dry_run: DryRun = False,
    push: Push = False,
    format_: Format = "text",
    directory: Directory = None,
) -> int:
    """Announce the end of an entry.

    Changes `lifecycle:`, `sunset:` and `replaced_by:` in its manifest, in a commit of its own; every
    other byte stays. Names who uses it and where it runs. `activate` takes it back.

    Examples:
      promptreg deprecate support/triage --replaced-by support/routing --sunset 2027-03-31
      promptreg deprecate support/triage --reason "one prompt for both queues"
    """
    del directory
    check_format(format_, ("text", "json"))
    here = workspace()
    request = LifecycleRequest(
        name, reason, commit=not no_commit, replaced_by=replaced_by, sunset=sunset
    )
    how = Manner("deprecate", dry_run, push, format_)
    return carry_out(here, lambda: plan_deprecate(here, request, today()), request, how)
