"""`promptreg new`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from promptreg.cli.options import Directory, Format, workspace
from promptreg.cli.output import check_format, show, write
from promptreg.cli.writing import DryRun
from promptreg.commands.new import KINDS, NewEntry, NewPlan, apply_new, plan_new
from promptreg.errors import UsageError
from promptreg.model.configuration import RISKS
from promptreg.model.names import did_you_mean
from promptreg.registry.workspace import Workspace
from promptreg.reporters.scaffold import Scaffolded, scaffold_json, scaffold_lines


def command(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="prompt or agent.")],
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Its name; segments joined by `/` become folders.")
    ],
    owner: Annotated[
        str, typer.Option("--owner", metavar="OWNER", help="Its owner. Default: the only one.")
    ] = "",
    description: Annotated[
        str, typer.Option("--description", metavar="TEXT", help="What it is for, in a sentence.")
    ] = "",
    risk: Annotated[
        str,
        typer.Option("--risk", metavar="RISK", help=f"{', '.join(RISKS)}."),
    ] = "low",
    folder: Annotated[
        bool, typer.Option("--folder", help="Give it a folder of its own: NAME/prompt.yaml.")
    ] = False,
    dry_run: DryRun = False,
    format_: Format = "text",
    directory: Directory = None,
) -> int:
    """Add a prompt or an agent.

    Writes a manifest that is valid at once, as a draft, and a template for a prompt. Nothing that
    exists is written over.

    Examples:
      promptreg new prompt support/triage --description "Sorts inbound mail into queues."
      promptreg new prompt legal/summary --owner legal-team --risk high --folder
      promptreg new agent support-bot --dry-run
    """
    del directory
    check_format(format_, ("text", "json"))
    if kind not in KINDS:
        near = did_you_mean(kind, KINDS) or f"one of: {', '.join(KINDS)}"
        raise UsageError(f"`{kind}` is no kind that can be made here", hint=near)
    here = workspace()
    plan = plan_new(here, NewEntry(kind, name, owner, description, risk, folder))
    if not dry_run:
        apply_new(here, plan)
    told = _told(here, kind, plan, applied=not dry_run)
    if format_ == "json":
        write(scaffold_json(told))
    else:
        show(scaffold_lines(told))
    return 0


def _told(here: Workspace, kind: str, plan: NewPlan, *, applied: bool) -> Scaffolded:
    paths = tuple(os.path.relpath(here.root / file.path, Path.cwd()) for file in plan.files)
    return Scaffolded(
        title=f"{'Made' if applied else 'Would make'} the {kind} {plan.name}, a draft",
        created=paths,
        notes=plan.notes,
        next_steps=(f"edit {paths[0]}", "promptreg validate", f"promptreg show {plan.name}"),
        applied=applied,
    )
