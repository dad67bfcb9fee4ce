"""The reference of the command line: what each command's `--help` says, in the order of the table."""

from __future__ import annotations

import contextlib
import io
import os

from promptreg.cli.app import run
from promptreg.cli.table import COMMANDS, overview

_HEAD = """\
<!-- Written by `make docs`; edit the command's help, not this page. -->

# Commands

A *selector* names an entry at a point: `NAME` (the files here), `NAME@1.4.0`, `NAME@^1.2`,
`NAME@latest`, `NAME@production`, `NAME@git:REV`. See [concepts](concepts.md#selectors).

Exit codes: 0 clean, 1 findings or failed tests, 2 could not run, 3 a bug in promptreg, 130
interrupted. Results go to stdout, talk to stderr. The JSON that `--format json` writes has a schema:
`promptreg schema` lists them.
"""
_WIDTH = "80"


def files() -> dict[str, str]:
    """`docs/cli.md`."""
    parts = [_HEAD, f"```text\n{overview()}```\n"]
    parts += [f"## {command.name}\n\n```text\n{_help(command.name)}```\n" for command in COMMANDS]
    return {"docs/cli.md": "\n".join(parts)}


def _help(name: str) -> str:
    said = io.StringIO()
    before = dict(os.environ)
    os.environ.update(COLUMNS=_WIDTH, TERMINAL_WIDTH=_WIDTH, NO_COLOR="1", TERM="dumb")
    try:
        with contextlib.redirect_stdout(said):
            code = run([name, "--help"])
    finally:
        os.environ.clear()
        os.environ.update(before)
    if code or not said.getvalue():
        raise RuntimeError(f"`promptreg {name} --help` said nothing")
    return "".join(f"{line.rstrip()}\n" for line in said.getvalue().rstrip("\n").split("\n"))
