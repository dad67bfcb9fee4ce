"""`promptreg check`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import typer

from promptreg.cli.base import chosen_span
from promptreg.cli.clock import now, today
from promptreg.cli.options import Directory, NoCache, wants_cache, workspace
from promptreg.cli.output import show, talk, write
from promptreg.cli.reports import Formats, Outputs, Target, pair_up, severity
from promptreg.commands.check import Checked, CheckRequest, check
from promptreg.model.finding import Severity
from promptreg.registry.workspace import Workspace
from promptreg.reporters.check import check_json, check_lines
from promptreg.reporters.check_blocks import comment_blocks
from promptreg.reporters.formats import render
from promptreg.reporters.markdown import MOST
from promptreg.reporters.options import ReportOptions
from promptreg.reporters.printable import printable, quiet_json
from promptreg.reporters.values import json_text
from promptreg.rules.builtin import descriptions

_WITH_BLOCKS = ("markdown",)


def command(
    base: Annotated[
        str,
        typer.Option(
            "--base",
            metavar="REV",
            help="What the change is to be merged into. "
            "Default: what the hook or CI run says, else the remote's default branch.",
        ),
    ] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="Tell findings that the base has too.")
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
    """Judge what a change brings, before it is merged.

    Compares HEAD, or what a pre-push hook is to push, with its merge-base with REV: what breaks
    callers, which release each changed entry needs, and the findings that are new. The base's
    settings judge, so a change can't weaken its own gate. A breaking change is an error unless
    `changes/` declares it.

    Examples:
      promptreg check --base origin/main
      promptreg check --base origin/main --fail-on warning
      promptreg check --base origin/main --format text --format sarif --output promptreg.sarif
    """
    del directory
    targets = pair_up(formats or [], outputs or [])
    floor = severity(fail_on)
    here = workspace()
    rendered = any(name in _WITH_BLOCKS for name, _ in targets)
    span = chosen_span(base, os.environ, here.git)
    if span.note:
        talk(f"note: {printable(span.note)}")
    everything = everything or span.everything
    request = CheckRequest(span.base, today(), everything, rendered, span.head, now())
    found = check(here, request, cached=wants_cache(no_cache=no_cache))
    _report(found, targets, here, floor)
    return 1 if found.report.fails(floor) else 0


def _report(found: Checked, targets: Sequence[Target], here: Workspace, floor: Severity) -> None:
    for note in found.report.notes:
        talk(f"note: {printable(note)}")
    for name, output in targets:
        if name == "text":
            parts = (found.report, found.judgements, found.comparison, found.inactive)
            show(check_lines(*parts, fail_on=floor), output)
        else:
            write(_text(name, found, here, floor), output)


def _text(name: str, found: Checked, here: Workspace, floor: Severity) -> str:
    if name == "json":
        parts = (found.report, found.judgements, found.comparison, found.inactive)
        return quiet_json(json_text(check_json(*parts, fail_on=floor)))
    notes = (
        *found.report.notes,
        *(f"inactive until it is merged: {one}" for one in found.inactive),
    )
    report = replace(found.report, notes=notes)
    options = ReportOptions(
        floor,
        here.prefix,
        here.prefix[:-1],
        descriptions(),
        comment_blocks(found.judgements, MOST) if name in _WITH_BLOCKS else {},
    )
    return render(name, report, options)
