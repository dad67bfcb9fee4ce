"""`promptreg retire`."""

from __future__ import annotations

from typing import Annotated

import typer

from promptreg.cli.clock import today
from promptreg.cli.options import Directory, Format, workspace
from promptreg.cli.output import check_format
from promptreg.cli.writing import DryRun, Manner, NoCommit, Push, Reason, carry_out
from promptreg.commands.lifecycle import LifecycleRequest, plan_retire


def command(
    name: Annotated[str, typer.Argument(help="The prompt or agent.")],
    reason: Reason = "",
    no_commit: NoCommit = False,
    dry_run: DryRun = False,
    push: Push = False,
    format_: Format = "text",
    directory: Directory = None,
) -> int:
    """End an entry that nothing uses any more.

    Refuses while an agent, an experiment or an environment uses it and names each with the next
    command. Changes `lifecycle:` in its manifest, in a commit of its own. Its releases stay.

    Examples:
      promptreg retire support/triage
      promptreg retire support/triage --reason "replaced by support/routing"
    """
    del directory
    check_format(format_, ("text", "json"))
    here = workspace()
    request = LifecycleRequest(name, reason, commit=not no_commit)
    how = Manner("retire", dry_run, push, format_)
    return carry_out(here, lambda: plan_retire(here, request, today()), request, how)
