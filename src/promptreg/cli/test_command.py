"""`promptreg test`."""

from __future__ import annotations

from typing import Annotated

import typer

from promptreg.checks.tokens import MISSING, is_exact
from promptreg.cli.options import Directory, Format, Output, workspace
from promptreg.cli.output import check_format, show, talk, write
from promptreg.cli.progress import progress
from promptreg.commands.test import TestRun, run_declared_tests
from promptreg.reporters.printable import printable, quiet_json
from promptreg.reporters.test_run import RunFacts, run_json, run_lines
from promptreg.reporters.values import json_text


def command(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Prompts (default: all).")
    ] = None,
    revision: Annotated[
        str, typer.Option("--rev", metavar="REV", help="Test a git revision, not the files here.")
    ] = "",
    update: Annotated[
        bool, typer.Option("--update", help="Write the snapshot files that differ.")
    ] = False,
    format_: Format = "text",
    output: Output = None,
    directory: Directory = None,
) -> int:
    """Run the tests that manifests declare.

    Each test renders its prompt with inputs and judges the text; no model is called. Exits with 1
    where a test fails.

    Examples:
      promptreg test
      promptreg test support/triage support/reply
      promptreg test support/triage --update
    """
    del directory
    check_format(format_, ("text", "json"))
    with progress("testing") as tell:
        run = run_declared_tests(
            workspace(), names or (), revision=revision, update=update, progress=tell
        )
    for path in run.broken:
        talk(f"note: `{printable(path)}` can't be loaded, so its tests didn't run; see `validate`")
    if format_ == "json":
        facts = RunFacts(_counts(run), run.broken, run.updated, is_exact())
        write(quiet_json(json_text(run_json(run.report, facts))), output)
    else:
        show(run_lines(run.report, _counts(run), run.updated), output)
    if _estimated(run):
        talk(f"note: {MISSING}")
    return 1 if run.failed or run.broken else 0


def _counts(run: TestRun) -> tuple[int, int]:
    return run.ran, run.failed


def _estimated(run: TestRun) -> bool:
    return not is_exact() and any("tokens" in one.message for one in run.report.findings)
