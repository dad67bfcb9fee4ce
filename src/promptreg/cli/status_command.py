"""`promptreg status`."""

from __future__ import annotations

from typing import Annotated

import typer

from promptreg.cli.clock import read_moment
from promptreg.cli.options import Directory, Format, NoCache, Output, wants_cache, workspace
from promptreg.cli.output import check_format, show, write
from promptreg.commands.status import status
from promptreg.reporters.status import status_lines
from promptreg.reporters.values import result_text


def command(
    environment: Annotated[
        str, typer.Option("--env", "-e", metavar="ENV", help="Only this environment.")
    ] = "",
    at: Annotated[
        str, typer.Option("--at", metavar="TIME", help="As it was then (ISO 8601).")
    ] = "",
    format_: Format = "text",
    output: Output = None,
    no_cache: NoCache = False,
    directory: Directory = None,
) -> int:
    """Show what runs where.

    Reads the committed environment files; an edit that isn't committed doesn't count. Without --env
    and --at it also lists the entries that changed since their last release, as committed at HEAD,
    with the bump that they need. A moment without a zone is local time.

    Examples:
      promptreg status
      promptreg status --env production
      promptreg status --at 2026-11-20T02:14
    """
    del directory
    check_format(format_, ("text", "json"))
    moment = read_moment(at) if at else None
    cached = wants_cache(no_cache=no_cache)
    found = status(workspace(), environment=environment, at=moment, cached=cached)
    if format_ == "json":
        write(result_text("status", found), output)
    else:
        show(status_lines(found), output)
    return 0
