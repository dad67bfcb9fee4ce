"""`promptreg audit`."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from promptreg.cli.clock import now, read_moment
from promptreg.cli.named_files import refuse_link
from promptreg.cli.options import Directory, Output, workspace
from promptreg.cli.output import check_format, show, write
from promptreg.commands.audit import AuditRequest, audit, audit_log, check_audit
from promptreg.errors import UsageError
from promptreg.model.audit import KINDS, Audit
from promptreg.reporters.audit import audit_check_lines, audit_lines
from promptreg.reporters.audit_tables import audit_csv, audit_markdown
from promptreg.reporters.printable import quiet_json
from promptreg.reporters.values import result_text

_FORMATS = ("text", "json", "jsonl", "csv", "md")


Names = Annotated[
    list[str] | None, typer.Argument(metavar="[NAME]...", help="Entries; all by default.")
]
Named = Annotated[
    list[str] | None, typer.Option("--name", metavar="NAME", help="Only this entry or policy.")
]
Environment = Annotated[
    str, typer.Option("--env", "-e", metavar="ENV", help="Only this environment.")
]
Kinds = Annotated[
    list[str] | None,
    typer.Option("--kind", metavar="KIND", help=f"Only these: {', '.join(KINDS)}."),
]
Since = Annotated[
    str,
    typer.Option("--since", metavar="TIME|REV", help="From this moment on, or after this commit."),
]
Until = Annotated[
    str, typer.Option("--until", metavar="TIME|REV", help="Up to this moment or commit.")
]
Check = Annotated[
    Path | None,
    typer.Option("--check", metavar="FILE", help="Check an export; exit 1 where it doesn't hold."),
]
AuditFormat = Annotated[
    str, typer.Option("--format", metavar="FORMAT", help="text, json, jsonl, csv or md.")
]


def command(
    names: Names = None,
    named: Named = None,
    environment: Environment = "",
    kinds: Kinds = None,
    since: Since = "",
    until: Until = "",
    check: Check = None,
    format_: AuditFormat = "text",
    output: Output = None,
    directory: Directory = None,
) -> int:
    """Tell who did what, when and why

    Releases, promotions, roll-backs, approvals, hand-overs, freezes, and every change of the rules
    that decide on them. Told from the contents of commits and tags alone, oldest first by ancestry;
    the clock is told, and only --since TIME and --until TIME go by it. `--format jsonl` is the form
    to keep: its lines are chained by hashes, and --check compares them with the repository.

    Examples:
      promptreg audit support/triage
      promptreg audit --env production --since 2026-11-01
      promptreg audit --kind configuration --kind risk
      promptreg audit --format jsonl --output audit.jsonl
      promptreg audit --check audit.jsonl
    """
    del directory
    if check is not None:
        if any((names, named, environment, kinds, since, until)):
            hint = "the file says which it was made with"
            raise UsageError("`--check` takes no filters", hint=hint)
        return _check(check, format_, output)
    check_format(format_, _FORMATS)
    wanted = tuple(dict.fromkeys((*(names or ()), *(named or ()))))
    bounds = (_bound(since), _bound(until))
    request = AuditRequest(wanted, environment, tuple(dict.fromkeys(kinds or ())), *bounds)
    found = audit(workspace(), request)
    if format_ == "text":
        show(audit_lines(found), output)
    else:
        write(_text(format_, found), output)
    return 0


def _text(format_: str, found: Audit) -> str:
    if format_ == "json":
        return quiet_json(result_text("audit", found))
    if format_ == "jsonl":
        lines = audit_log(found, now())
        return "".join(quiet_json(_compact(one)) + "\n" for one in lines)
    return audit_csv(found) if format_ == "csv" else audit_markdown(found)


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _check(file: Path, format_: str, output: Path | None) -> int:
    check_format(format_, ("text", "json"))
    refuse_link(file)
    found = check_audit(workspace(), file)
    if format_ == "json":
        write(quiet_json(result_text("audit-check", found)), output)
    else:
        show(audit_check_lines(found), output)
    return 1 if found.flaws else 0


def _bound(text: str) -> datetime | str:
    """A moment where the text is one, else a revision."""
    try:
        return read_moment(text) if text else ""
    except UsageError:
        return text
