"""`promptreg verify`."""

from __future__ import annotations

from typing import Annotated

import typer

from promptreg.cli.options import Directory, workspace
from promptreg.cli.output import show, talk, write
from promptreg.cli.reports import Formats, Outputs, pair_up, severity
from promptreg.commands.verify import VerifyRequest, in_files, verify
from promptreg.model.finding import Severity
from promptreg.registry.workspace import Workspace
from promptreg.reporters.formats import render
from promptreg.reporters.options import ReportOptions
from promptreg.reporters.printable import printable, quiet_json
from promptreg.reporters.values import json_text
from promptreg.reporters.verify import Verification, verify_json, verify_lines
from promptreg.rules.builtin import descriptions


def command(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Entries; all by default.")
    ] = None,
    remote: Annotated[
        str,
        typer.Option("--remote", metavar="NAME", help="Compare with the tags of this remote, too."),
    ] = "",
    fail_on: Annotated[
        str,
        typer.Option(metavar="SEVERITY", help="Exit 1 from this severity: error, warning or info."),
    ] = "error",
    formats: Formats = None,
    outputs: Outputs = None,
    directory: Directory = None,
) -> int:
    """Check that releases are what was released

    Computes every digest again, walks the chain of each entry's tags, checks signatures, and looks
    whether their commits are on the release branch. Then compares them with all that remembers a
    release: environments and their whole history, what agents pin, promptreg.lock, and a remote
    where one is named. Needs the whole history; no network without `--remote`.

    Examples:
      promptreg verify
      promptreg verify support/triage
      promptreg verify --remote origin --format json
    """
    del directory
    targets = pair_up(formats or [], outputs or [])
    floor = severity(fail_on)
    here = workspace()
    found = verify(here, VerifyRequest(tuple(names or ()), remote))
    for note in found.report.notes:
        talk(f"note: {printable(note, most=600)}")
    for name, output in targets:
        if name == "text":
            show(verify_lines(found), output)
        else:
            write(_text(name, found, here, floor), output)
    return 1 if found.report.fails(floor) else 0


def _text(name: str, found: Verification, here: Workspace, floor: Severity) -> str:
    if name == "json":
        return quiet_json(json_text(verify_json(found, fail_on=floor)))
    options = ReportOptions(floor, here.prefix, here.prefix[:-1], descriptions())
    return render(name, in_files(here, found.report), options)
