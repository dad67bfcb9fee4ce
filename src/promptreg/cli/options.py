"""Options that many commands share, and the workspace that they lead to."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from promptreg.cli.app import enter
from promptreg.cli.output import in_ci

if TYPE_CHECKING:
    from promptreg.registry.workspace import Workspace

Directory = Annotated[
    Path | None,
    typer.Option(
        "-C", metavar="DIR", callback=enter, is_eager=True, help="Run as if started in DIR."
    ),
]
Format = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text or json.")]
Output = Annotated[
    Path | None, typer.Option("--output", metavar="FILE", help="Write the result to FILE.")
]
NoCache = Annotated[
    bool,
    typer.Option(
        "--no-cache",
        help="Work everything out again; don't read or write the cache in the git folder.",
    ),
]
_NO_CACHE = "PROMPTREG_NO_CACHE"


def wants_cache(*, no_cache: bool) -> bool:
    """Whether results of earlier runs may be used: neither the option nor PROMPTREG_NO_CACHE.

    Nor under CI, where runs for different people may share a folder or restore one.
    """
    return not (no_cache or os.environ.get(_NO_CACHE) or in_ci())


def workspace() -> Workspace:
    """The registry that the current folder lies in. Raises RegistryError or GitError."""
    from promptreg.registry.workspace import open_workspace  # noqa: PLC0415 - loaded on use

    return open_workspace(Path.cwd(), os.environ)
