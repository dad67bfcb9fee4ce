"""`promptreg activate`."""

from __future__ import annotations

from typing import Annotated

import typer

from promptreg.cli.clock import today
from promptreg.cli.options import Directory, Format, workspace
from promptreg.cli.output import check_format
from promptreg.cli.writing import DryRun, Manner, NoCommit, Push, Reason, carry_out
from promptreg.commands.lifecycle import LifecycleRequest, plan_activate


def command(
    name: Annotated[str, typer.Argument(help="The prompt or agent.")],
    reason: Reason = "",
    no_commit: NoCommit = False,
    dry_run: DryRun = False,
    push: Push = False,
    format_: Format = "text",
    directory: Directory = None,
) -> int:
    """Make a draft active, or take a deprecation back.

    Changes `lifecycle:` in its manifest and takes out `sunset:` and `replaced_by:`, in a commit of
    its own; every other byte stays.

    Examples:
      promptreg activate support/triage
      promptreg activate support/triage --reason "support/routing was withdrawn"
    """
    del directory
    check_format(format_, ("text", "json"))
    here = workspace()
    request = LifecycleRequest(name, reason, commit=not no_commit)
    how = Manner("activate", dry_run, push, format_)
    return carry_out(here, lambda: plan_activate(here, request, today()), request, how)
