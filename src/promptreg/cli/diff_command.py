"""`promptreg diff`."""

from __future__ import annotations

from typing import Annotated

import typer

from promptreg.cli.options import Directory, Format, Output, workspace
from promptreg.cli.output import check_format, show, write
from promptreg.commands.diff import diff, diff_registry
from promptreg.commands.diff_environments import diff_environments
from promptreg.errors import UsageError
from promptreg.releases.comparison import Comparison
from promptreg.reporters.diff import diff_lines
from promptreg.reporters.values import result_text

_HINT = "`promptreg diff NAME@VERSION`, or `promptreg diff --base REV` for the whole registry"


def command(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[A [B]]",
            help="Two versions; B defaults to the working tree's. With --base, --env: names.",
        ),
    ] = None,
    base: Annotated[
        str, typer.Option("--base", metavar="REV", help="Compare the registry since this revision.")
    ] = "",
    head: Annotated[
        str,
        typer.Option("--head", metavar="REV", help="With --base: up to this revision."),
    ] = "",
    environments: Annotated[
        tuple[str, str],
        typer.Option("--env", metavar="A B", help="Compare what runs in two environments."),
    ] = ("", ""),
    rendered: Annotated[
        bool, typer.Option("--rendered", help="Show what the inputs of tests render to.")
    ] = False,
    form: Format = "text",
    output: Output = None,
    directory: Directory = None,
) -> int:
    """Show what differs between two versions

    Facts about inputs, output, texts, model and the rest, whether or not there are any: the exit
    code is 0. A and B are selectors, or environments with --env; A is the older side. With --base
    the whole registry is compared with the working tree or, with --head, with another revision.

    Examples:
      promptreg diff support/triage@production
      promptreg diff support/triage@1.3.0 support/triage@1.4.0 --rendered
      promptreg diff --base main
      promptreg diff --base v1 --head HEAD support/triage --format json
      promptreg diff --env production staging
    """
    del directory
    check_format(form, ("text", "json"))
    found = _compare(names or [], environments, base, head, rendered=rendered)
    if form == "json":
        write(result_text("diff", found), output)
    else:
        show(diff_lines(found), output)
    return 0


def _compare(
    names: list[str], environments: tuple[str, str], base: str, head: str, *, rendered: bool
) -> Comparison:
    if any(environments):
        if base or head:
            raise UsageError("`--env` compares environments, `--base` revisions", hint=_HINT)
        return diff_environments(workspace(), *environments, names, rendered=rendered)
    if base:
        return diff_registry(workspace(), base, names, head=head, rendered=rendered)
    if head:
        raise UsageError("`--head` goes with `--base`", hint=_HINT)
    if not 0 < len(names) < 3:
        raise UsageError("`diff` compares two versions of an entry", hint=_HINT)
    return diff(workspace(), *names, rendered=rendered)
