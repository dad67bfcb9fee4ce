"""`promptreg governance`."""

from __future__ import annotations

from typing import Annotated

import typer

from promptreg.cli.options import Directory, Output, workspace
from promptreg.cli.output import check_format, show, write
from promptreg.commands.governance import exported_governance
from promptreg.errors import UsageError
from promptreg.reporters.governance import codeowners_text, governance_lines
from promptreg.reporters.values import result_text


def command(
    action: Annotated[str, typer.Argument(metavar="export", help="What to do: export.")],
    format_: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="text, codeowners or json.")
    ] = "text",
    output: Output = None,
    directory: Directory = None,
) -> int:
    """Tell a git host what to enforce.

    Files can ask for approvals, but a git host decides who may push. This prints who has to review
    which file, how branches and tags have to be protected, and what only the host can enforce.

    Examples:
      promptreg governance export
      promptreg governance export --format codeowners --output .github/CODEOWNERS
    """
    del directory
    if action != "export":
        raise UsageError(
            f"`governance` can't `{action[:60]}`", hint="`promptreg governance export`"
        )
    check_format(format_, ("text", "codeowners", "json"))
    found = exported_governance(workspace())
    if format_ == "json":
        write(result_text("governance", found), output)
    elif format_ == "codeowners":
        write(codeowners_text(found), output)
    else:
        show(governance_lines(found), output)
    return 0
