"""`promptreg validate`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from promptreg.cli.clock import today
from promptreg.cli.options import Directory, NoCache, wants_cache, workspace
from promptreg.cli.output import talk
from promptreg.cli.reports import Formats, Outputs, Target, pair_up, severity, write_reports
from promptreg.commands.validate import Request, validate
from promptreg.errors import RegistryError, UsageError
from promptreg.registry.workspace import Workspace, open_workspace
from promptreg.reporters.options import ReportOptions
from promptreg.reporters.printable import printable

if TYPE_CHECKING:
    from promptreg.checks.rule import Description


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
    no_cache: NoCache = False,
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
    request = Request(today(), wanted, revision, tracked)
    report = validate(where, request, cached=wants_cache(no_cache=no_cache))
    for note in report.notes:
        talk(f"note: {printable(note)}")
    prefix = where.prefix if where.repository else ""
    options = ReportOptions(floor, prefix, prefix[:-1], _descriptions(targets))
    write_reports(report, targets, options)
    return 1 if report.fails(floor) else 0


def _descriptions(targets: Sequence[Target]) -> Mapping[str, Description]:
    """What the rules mean, for the formats that tell it: all rules are imported for that."""
    if all(name in {"text", "json"} for name, _ in targets):
        return {}
    from promptreg.rules.builtin import descriptions  # noqa: PLC0415 - see above

    return descriptions()


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
