"""`promptreg approve`."""

from __future__ import annotations

from typing import Annotated

import typer

from promptreg.cli.clock import now
from promptreg.cli.options import Directory, Format, workspace
from promptreg.cli.output import check_format
from promptreg.cli.writing import DryRun, Manner, NoCommit, Push, carry_out
from promptreg.commands.approve import ApproveRequest, plan_approve


def command(
    selector: Annotated[
        str, typer.Argument(metavar="NAME[@VERSION]", help="The release, or what HEAD holds.")
    ],
    team: Annotated[
        str,
        typer.Option(
            "--as", metavar="OWNER", help="Approve in this team's name (default: your only one)."
        ),
    ] = "",
    key: Annotated[
        str, typer.Option("--sign", metavar="KEY", help="Sign with this SSH key file.")
    ] = "",
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="Say what you think.")] = "",
    no_commit: NoCommit = False,
    dry_run: DryRun = False,
    push: Push = False,
    format_: Format = "text",
    directory: Directory = None,
) -> int:
    """Approve what an entry consists of.

    Records that you approve the content (its digest) in a file below approvals/, in a commit of
    its own. Any edit of the content voids it. You are who git says you are.

    Examples:
      promptreg approve support/triage@1.4.0
      promptreg approve support/triage@latest --as governance --note "read both templates"
      promptreg approve support/triage@1.4.0 --sign ~/.ssh/id_ed25519
    """
    del directory
    check_format(format_, ("text", "json"))
    here = workspace()
    request = ApproveRequest(selector, team, key, note, commit=not no_commit)
    how = Manner("approve", dry_run, push, format_)
    return carry_out(here, lambda: plan_approve(here, request, now()), request, how)
