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
from promptreg.store.git.merge_driver import COMMAND


def command(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="The registry's folder. Default: this folder."),
    ] = None,
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="Name the registry. Default: the folder.")
    ] = "",
    merge_driver: Annotated[
        bool,
        typer.Option("--merge-driver", help="Let git merge environment files by entry, here."),
    ] = False,
    dry_run: DryRun = False,
    format_: Format = "text",
    directory: Directory = None,
) -> int:
    """Make a git repository a registry.

    Writes promptreg.yaml, an example prompt, pre-commit hooks, a CI workflow and .gitattributes. A
    repository is made where there is none. Files that exist are kept as they are, and nothing is
    committed.

    .gitattributes lets git merge environment files by entry. What it runs for that stands in each
    clone's own configuration: --merge-driver writes it there, also where all else is done.

    Examples:
      promptreg init
      promptreg init prompts-registry --name acme
      promptreg init --dry-run
      promptreg init --merge-driver
    """
    del directory
    check_format(format_, ("text", "json"))
    target = Path.cwd() / (folder or "")
    plan = plan_init(target, os.environ, name=name)
    if not dry_run:
        apply_init(plan, merge_driver=merge_driver)
    told = _told(plan, folder, applied=not dry_run, merge_driver=merge_driver)
    if format_ == "json":
        write(scaffold_json(told))
    else:
        show(scaffold_lines(told))
    return 0


def _told(plan: InitPlan, folder: Path | None, *, applied: bool, merge_driver: bool) -> Scaffolded:
    shown = str(folder or ".")
    what = "a new repository" if plan.new_repository else "this repository"
    verb = "Made" if applied else "Would make"
    notes = []
    if plan.files and not plan.example:
        notes.append("there was a registry or a manifest already, so no example was added")
    if plan.hooks_by_hand:
        notes.append("your .pre-commit-config.yaml is kept; add these lines below its `repos:`")
    if plan.attribute_by_hand:
        notes.append(f"your .gitattributes is kept; add this line: `{plan.attribute_by_hand}`")
    if merge_driver:
        told = "merges" if applied else "would merge"
        notes.append(f"git {told} environment files by entry in this clone")
    elif plan.files:
        notes.append(f"once in each clone, `{COMMAND}` lets git merge environment files by entry")
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
