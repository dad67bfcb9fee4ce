"""`promptreg doctor`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from promptreg.cli.options import Directory, Format, Output
from promptreg.cli.output import check_format, show, write
from promptreg.commands.doctor import Surroundings, doctor
from promptreg.reporters.doctor import doctor_lines
from promptreg.reporters.values import result_text


def command(
    online: Annotated[
        bool, typer.Option("--online", help="Compare the release tags with the remote's, too.")
    ] = False,
    format_: Format = "text",
    output: Output = None,
    directory: Directory = None,
) -> int:
    """Tell what is unsafe or missing about this repository and machine.

    Looks at the worker for untrusted templates, the clone, its git settings and permissions, the
    branches and owners that promptreg.yaml relies on, and the hooks. Changes nothing. Exits with 1
    where something is an error.

    Examples:
      promptreg doctor
      promptreg doctor --online
      promptreg doctor --format json
    """
    del directory
    check_format(format_, ("text", "json"))
    around = Surroundings(Path.cwd(), os.environ, getattr(sys.stdout, "encoding", "") or "")
    found = doctor(around, online=online)
    if format_ == "json":
        write(result_text("doctor", found), output)
    else:
        show(doctor_lines(found), output)
    return 0 if found.is_sound else 1
