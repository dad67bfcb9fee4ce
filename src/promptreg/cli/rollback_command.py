"""`promptreg rollback`."""

from __future__ import annotations

from typing import Annotated

import typer

from promptreg.cli.clock import now
from promptreg.cli.options import Directory, Format, workspace
from promptreg.cli.output import check_format
from promptreg.cli.writing import DryRun, Manner, NoCommit, Push, Reason, carry_out
from promptreg.commands.promote import RollbackRequest, plan_rollback
from promptreg.model.version import parse_version


def command(
    name: Annotated[str, typer.Argument(help="The prompt or agent.")],
    environment: Annotated[
        str, typer.Option("--env", "-e", metavar="ENV", help="The environment to roll back.")
    ] = "",
    to: Annotated[
        str,
        typer.Option("--to", metavar="V", help="The version (default: what ran there before)."),
    ] = "",
    reason: Reason = "",
    no_commit: NoCommit = False,
    dry_run: DryRun = False,
    push: Push = False,
    format_: Format = "text",
    directory: Directory = None,
) -> int:
    """Put back what ran before.

    With an environment, points it to the release that ran there before, or to another one.
    Without, restores the files of a release in a new commit, to be released again. Nothing is
    deleted: the history shows both ways.

    Examples:
      promptreg rollback support/triage --env production --reason "wrong queue since 02:14"
      promptreg rollback support/triage --env production --to 1.3.0
      promptreg rollback support/triage --to 1.3.0
    """
    del directory
    check_format(format_, ("text", "json"))
    here = workspace()
    version = parse_version(to) if to else None
    request = RollbackRequest(name, environment, version, reason, commit=not no_commit)
    how = Manner("rollback", dry_run, push, format_)
    return carry_out(here, lambda: plan_rollback(here, request, now()), request, how)
