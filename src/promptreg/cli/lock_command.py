"""`promptreg lock`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from promptreg.cli.named_files import refuse_link
from promptreg.cli.options import Directory, Format, workspace
from promptreg.cli.output import check_format, show, write
from promptreg.cli.reports import severity
from promptreg.cli.writing import DryRun
from promptreg.commands.lock import LockRequest, check_lock, plan_lock, write_lock
from promptreg.errors import UsageError
from promptreg.model.finding import Severity
from promptreg.reporters.lock import lock_check_lines, lock_json, lock_lines
from promptreg.reporters.printable import quiet_json
from promptreg.reporters.values import json_text


def command(
    selectors: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SELECTOR]...", help="Selectors of releases; default: the file's."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 1 where the lock isn't true.")
    ] = False,
    fail_on: Annotated[
        str,
        typer.Option(metavar="SEVERITY", help="With --check, exit 1 from: error, warning or info."),
    ] = "error",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", metavar="FILE", help="The lock. Default: promptreg.lock at the root."
        ),
    ] = None,
    dry_run: DryRun = False,
    format_: Format = "text",
    directory: Directory = None,
) -> int:
    """Write down what selectors mean

    The lock holds version, digest, tag object and commit for each selector, so that a tag that was
    made anew is found later. Without SELECTORs all that the file holds are resolved anew.

    Examples:
      promptreg lock support/triage@^1.2 support/reply@production
      promptreg lock
      promptreg lock --check --fail-on warning
    """
    del directory
    check_format(format_, ("text", "json"))
    floor = severity(fail_on)
    if output is not None:
        refuse_link(output)
    request = LockRequest(tuple(selectors or ()), output)
    if not check:
        return _lock(request, dry_run=dry_run, format_=format_)
    if selectors:
        raise UsageError(
            "`--check` takes no selectors", hint="it judges everything that the lock holds"
        )
    return _check(request, floor, format_)


def _lock(request: LockRequest, *, dry_run: bool, format_: str) -> int:
    plan = plan_lock(workspace(), request)
    written = plan.changes and not dry_run
    if written:
        write_lock(plan)
    parts = (plan.path, plan.before, plan.after)
    if format_ == "json":
        write(quiet_json(json_text(lock_json(*parts, written=written))))
    else:
        show(lock_lines(*parts, dry_run=dry_run))
    return 0


def _check(request: LockRequest, floor: Severity, format_: str) -> int:
    found = check_lock(workspace(), request)
    if format_ == "json":
        parts = (found.path, found.locked, found.locked)
        said = lock_json(*parts, written=False, report=found.report, fail_on=floor)
        write(quiet_json(json_text(said)))
    else:
        show(lock_check_lines(found.report, found.locked))
    return 1 if found.report.fails(floor) else 0
