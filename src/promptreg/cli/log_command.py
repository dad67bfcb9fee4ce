"""`promptreg log`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from promptreg.cli.options import Directory, Format, Output, workspace
from promptreg.cli.output import check_format, show, write
from promptreg.commands.log import log
from promptreg.errors import UsageError
from promptreg.reporters.log import log_lines
from promptreg.reporters.values import result_text


def command(
    name: Annotated[
        str, typer.Argument(help="The prompt or agent; without one, --changelog tells of all.")
    ] = "",
    as_changelog: Annotated[
        bool,
        typer.Option("--changelog", help="Tell what came with each release, as Markdown."),
    ] = False,
    format_: Format = "text",
    output: Output = None,
    directory: Directory = None,
) -> int:
    """Show the history of an entry.

    Commits to its manifest and to every template it reaches, across renames, with its releases
    and the moves of its environments in their places. The order is ancestry, not the clock.

    With --changelog: what each release brought, what people said of it, and above them what isn't
    released yet with the release that it needs.

    Examples:
      promptreg log support/triage
      promptreg log support/triage --format json
      promptreg log support/triage --changelog
      promptreg log --changelog --output PROMPTS.md
    """
    del directory
    check_format(format_, ("text", "json"))
    if as_changelog:
        return _changelog(name, format_, output)
    if not name:
        raise UsageError(
            "name the entry", hint="`promptreg log --changelog` tells of all that was released"
        )
    found = log(workspace(), name)
    if format_ == "json":
        write(result_text("log", found), output)
    else:
        show(log_lines(found), output)
    return 0


def _changelog(name: str, format_: str, output: Path | None) -> int:
    # Every rule that judges changes: too much to load for a history.
    from promptreg.commands.changelog import changelog  # noqa: PLC0415 - see above
    from promptreg.reporters.changelog import changelog_markdown  # noqa: PLC0415 - see above

    found = changelog(workspace(), name)
    if format_ == "json":
        write(result_text("changelog", found), output)
    else:
        write(changelog_markdown(found, name=name), output)
    return 0
