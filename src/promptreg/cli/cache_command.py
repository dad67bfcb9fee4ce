"""`promptreg cache`."""

from __future__ import annotations

from typing import Annotated

import typer

from promptreg.cli.options import Directory, Format, Output, workspace
from promptreg.cli.output import check_format, show, write
from promptreg.commands.cache import cache_info, clear_cache
from promptreg.errors import UsageError
from promptreg.reporters.cache import cache_lines
from promptreg.reporters.values import json_text


def command(
    action: Annotated[str, typer.Argument(metavar="info|clear", help="What to do: info or clear.")],
    format_: Format = "text",
    output: Output = None,
    directory: Directory = None,
) -> int:
    """Show or empty the cache of earlier results.

    `validate` keeps its report in the git folder, and repeats it while nothing has changed that it
    came from. The cache can be deleted at any time; it is never sent anywhere.

    Examples:
      promptreg cache info
      promptreg cache clear
    """
    del directory
    if action not in {"info", "clear"}:
        raise UsageError(
            f"`cache` can't `{action[:60]}`",
            hint="`promptreg cache info` or `promptreg cache clear`",
        )
    check_format(format_, ("text", "json"))
    cleared = action == "clear"
    found = clear_cache(workspace()) if cleared else cache_info(workspace())
    if format_ == "json":
        parts = {"path": found.path, "files": found.files, "size": found.size, "limit": found.limit}
        write(json_text({"schema": "promptreg/cache/v1", "cleared": cleared, **parts}), output)
    else:
        show(cache_lines(found, cleared=cleared), output)
    return 0
