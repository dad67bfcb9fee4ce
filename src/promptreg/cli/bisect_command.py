"""`promptreg bisect`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from promptreg.cli.inputs import read_given
from promptreg.cli.options import Directory, Format, Output, workspace
from promptreg.cli.output import check_format, show, talk, write
from promptreg.commands.bisect import BisectRequest, bisect
from promptreg.commands.bisect_judge import Judge
from promptreg.errors import UsageError
from promptreg.reporters.bisect import bisection_lines
from promptreg.reporters.printable import printable_lines, without_commands
from promptreg.reporters.values import result_text
from promptreg.store.program import Program

Good = Annotated[
    str, typer.Option("--good", metavar="V", help="A good version, environment or git:REV.")
]
Bad = Annotated[str, typer.Option("--bad", metavar="V", help="A later one, which is bad.")]
Run = Annotated[
    str, typer.Option("--run", metavar="CMD", help="The command that judges, for the shell.")
]
Inputs = Annotated[
    str,
    typer.Option(
        "--inputs",
        metavar="FILE",
        help="Inputs as a JSON object; - is stdin (default: those of its tests).",
    ),
]
Timeout = Annotated[
    float, typer.Option("--timeout", metavar="SECONDS", help="End CMD after this time.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="List the commits in question and run nothing.")
]


def command(
    name: Annotated[str, typer.Argument(help="The prompt.")],
    good: Good,
    bad: Bad = "git:HEAD",
    run: Run = "",
    file: Inputs = "",
    timeout: Timeout = 300.0,
    dry_run: DryRun = False,
    format_: Format = "text",
    output: Output = None,
    directory: Directory = None,
) -> int:
    """Find the commit that turned a prompt bad.

    Looks only at commits that touched the prompt or a template it reached. At each, the prompt is
    rendered into a file, and CMD is run with its path as the last word: it exits with 0 for good,
    1 to 127 for bad, 125 to skip. PROMPTREG_RENDERED is the file (a CMD that names it gets no
    word), PROMPTREG_RENDERED_JSON the same as JSON, PROMPTREG_COMMIT and PROMPTREG_NAME say what
    it is of. Nothing is checked out. Exits with 1 where skipped commits keep it open.

    Examples:
      promptreg bisect support/triage --good 1.2.0 --bad 1.5.0 --run 'grep -q queue'
      promptreg bisect support/triage --good production --run ./judge.sh --inputs case.json
      promptreg bisect support/triage --good git:HEAD~20 --dry-run
    """
    del directory
    check_format(format_, ("text", "json"))
    if not (run.strip() or dry_run):
        raise UsageError("nothing judges", hint="`--run CMD`; or `--dry-run` lists the commits")
    if not timeout > 0:
        raise UsageError("`--timeout` takes a number of seconds above 0")
    here = workspace()
    given = read_given(file, here) if file else None
    program = Program(run, Path.cwd(), dict(os.environ), timeout)
    judge = None if dry_run else Judge(program, _tell)
    found = bisect(here, BisectRequest(name, good, bad, given), judge)
    if format_ == "json":
        write(result_text("bisect", found), output)
    else:
        show(bisection_lines(found, was_run=not dry_run), output)
    return 0 if dry_run or found.first_bad else 1


def _tell(text: str) -> None:
    for one in printable_lines(text):
        talk(without_commands(one))
