"""`promptreg init`."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Annotated

import typer

from promptreg.cli.options import Directory, Format
from promptreg.cli.output import check_format, show, write
from promptreg.cli.writing import DryRun
from promptreg.commands.init import InitPlan, apply_init, plan_init
from promptreg.reporters.scaffold import Scaffolded, scaffold_json, scaffold_lines


def command(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="The registry's folder. Default: this folder."),
    ] = None,
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="Name the registry. Default: the folder.")
    ] = "",
    dry_run: DryRun = False,
    format_: Format = "text",
    directory: Directory = None,
) -> int:
    """Make a git repository a registry.

    Writes promptreg.yaml, an example prompt, pre-commit hooks and a CI workflow. A repository is made
    where there is none. Files that exist are kept as they are, and nothing is committed.

    Examples:
      promptreg init
      promptreg init prompts-registry --name acme
      promptreg init --dry-run
    """
    del directory
    check_format(format_, ("text", "json"))
    target = Path.cwd() / (folder or "")
    plan = plan_init(target, os.environ, name=name)
    if not dry_run:
        apply_init(plan)
    told = _told(plan, folder, applied=not dry_run)
    if format_ == "json":
        write(scaffold_json(told))
    else:
        show(scaffold_lines(told))
    return 0


def _told(plan: InitPlan, folder: Path | None, *, applied: bool) -> Scaffolded:
    shown = str(folder or ".")
    what = "a new repository" if plan.new_repository else "this repository"
    verb = "Made" if applied else "Would make"
    notes = []
    if plan.files and not plan.example:
        notes.append("there was a registry or a manifest already, so no example was added")
    if plan.hooks_by_hand:
        notes.append("your .pre-commit-config.yaml is kept; add these lines below its `repos:`")
    return Scaffolded(
        title=f"{verb} a registry in {shown} ({what})" if plan.files else _nothing(shown),
        created=tuple(_seen(plan, file.path) for file in plan.files),
        kept=tuple(_seen(plan, path) for path in plan.kept),
        notes=tuple(notes),
        by_hand=plan.hooks_by_hand,
        next_steps=_next(plan, shown),
        applied=applied,
    )


def _nothing(shown: str) -> str:
    return f"Nothing to add: {shown} has all that a registry needs"


def _seen(plan: InitPlan, path: str) -> str:
    """A path of the plan from where the person stands, so that it can be opened as printed."""
    return os.path.relpath(plan.base / path, Path.cwd())


def _next(plan: InitPlan, shown: str) -> tuple[str, ...]:
    if not plan.files:
        return ()
    go = () if shown == "." else (f"cd {shlex.quote(shown)}",)
    release = (f"promptreg release {plan.example}",) if plan.example else ()
    add = "git add ." if plan.folder.resolve() == plan.base or plan.new_repository else "git add -A"
    return (*go, "promptreg validate", add, 'git commit -m "Start the registry"', *release)
