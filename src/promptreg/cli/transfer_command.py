"""`promptreg transfer`."""

from __future__ import annotations

from typing import Annotated

import typer

from promptreg.cli.clock import today
from promptreg.cli.options import Directory, Format, workspace
from promptreg.cli.output import check_format
from promptreg.cli.writing import DryRun, Manner, NoCommit, Push, Reason, carry_out
from promptreg.commands.transfer import TransferRequest, plan_transfer


def command(
    name: Annotated[str, typer.Argument(help="The prompt or agent.")],
    owner: Annotated[
        str, typer.Option("--to", metavar="OWNER", help="The new owner, as in promptreg.yaml.")
    ],
    reason: Reason = "",
    no_commit: NoCommit = False,
    dry_run: DryRun = False,
    push: Push = False,
    format_: Format = "text",
    directory: Directory = None,
) -> int:
    """Hand an entry over to another owner.

    Changes `owner:` in its manifest, in a commit of its own, and tells what the new owner takes
    over. Where environments ask for approvals of its risk, both owners have to approve the manifest
    with the new owner: in a pull request, with --no-commit.

    Examples:
      promptreg transfer support/triage --to platform
      promptreg transfer support/triage --to platform --reason "team split" --dry-run
    """
    del directory
    check_format(format_, ("text", "json"))
    here = workspace()
    request = TransferRequest(name, owner, reason, commit=not no_commit)
    how = Manner("transfer", dry_run, push, format_)
    return carry_out(here, lambda: plan_transfer(here, request, today()), request, how)
