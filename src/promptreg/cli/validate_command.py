"""`promptreg validate`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from promptreg.cli.clock import today
from promptreg.cli.options import Directory, workspace
from promptreg.cli.output import talk
from promptreg.cli.reports import Formats, Outputs, pair_up, severity, write_reports
from promptreg.commands.validate import Request, validate
from promptreg.errors import RegistryError, UsageError
from promptreg.registry.workspace import Workspace, open_workspace
from promptreg.reporters.options import ReportOptions
from promptreg.reporters.printable import printable
from promptreg.rules.builtin import descriptions


def command(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help="Tell only what concerns these files or folders."),
    ] = None,
    revision: Annotated[
        str, typer.Option("--rev", metavar="REV", help="Judge a git revision, not the files here.")
    ] = "",
    tracked: Annotated[
        bool,
        typer.Option("--tracked", help="Leave out files that git doesn't track, as a commit does."),
    ] = False,
    fail_on: Annotated[
        str,
        typer.Option(metavar="SEVERITY", help="Exit 1 from this severity: error, warning or info."),
    ] = "error",
    formats: Formats = None,
    outputs: Outputs = None,
    directory: Directory = None,
) -> int:
    """Check manifests, templates and references

    The whole registry is judged. With PATHs only what concerns them is told: findings in these
    files, in entries that use them as templates, and about anything that isn't there any more.

    Examples:
      promptreg validate
      promptreg validate prompts/support
      promptreg validate --rev HEAD~1
      promptreg validate --fail-on warning --format json
      promptreg validate --format text --format sarif --output promptreg.sarif
    """
    del directory
    targets = pair_up(formats or [], outputs or [])
    floor = severity(fail_on)
    if revision and tracked:
        raise UsageError("`--rev` and `--tracked` exclude each other")
    where = _registry_of(paths) if paths else workspace()
    wanted = None if not paths else _inside(where.root, paths)
    report = validate(where, Request(today(), wanted, revision, tracked))
    for note in report.notes:
        talk(f"note: {printable(note)}")
    prefix = where.prefix if where.repository else ""
    write_reports(report, targets, ReportOptions(floor, prefix, prefix[:-1], descriptions()))
    return 1 if report.fails(floor) else 0


def _registry_of(paths: list[Path]) -> Workspace:
    """The registry here, or the one that holds the first path: a hook runs at the top of git's."""
    try:
        return workspace()
    except RegistryError:
        folders = (paths[0] if paths[0].is_dir() else paths[0].parent).absolute()
        there = next(folder for folder in (folders, *folders.parents) if folder.is_dir())
        return open_workspace(there, os.environ)


def _inside(root: Path, paths: list[Path]) -> tuple[str, ...]:
    """The paths relative to the root; one outside is told and left out."""
    found = []
    for path in paths:
        # The last part isn't resolved: a link in the repository is the link, not what it leads to.
        absolute = Path(os.path.normpath(Path.cwd() / path))
        relative = os.path.relpath(absolute.parent.resolve() / absolute.name, root)
        if relative == os.pardir or relative.startswith(os.pardir + os.sep):
            talk(f"note: `{printable(str(path))}` lies outside the registry; nothing is said of it")
            continue
        found.append("" if relative == os.curdir else Path(relative).as_posix())
    return tuple(found)
