"""`promptreg render`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from promptreg.cli.options import Directory, Output, workspace
from promptreg.cli.output import check_format, in_ci, talk, write
from promptreg.commands.render import Rendering, render
from promptreg.errors import UsageError
from promptreg.formats import json_format
from promptreg.formats.dump import FORMATS, dump
from promptreg.model.data import Json
from promptreg.reporters.printable import is_command, quiet_json
from promptreg.reporters.values import json_text
from promptreg.store.json_input import MOST_BYTES, read_inputs


def command(
    selector: Annotated[str, typer.Argument(help="The prompt, or a version of it.")],
    inputs: Annotated[
        list[str] | None,
        typer.Option("--input", "-i", metavar="K=V", help="An input; may be repeated."),
    ] = None,
    file: Annotated[
        str, typer.Option("--inputs", metavar="FILE", help="Inputs as a JSON object; - is stdin.")
    ] = "",
    locale: Annotated[
        str, typer.Option("--locale", metavar="L", help="A language (default: the prompt's own).")
    ] = "",
    format_: Annotated[
        str, typer.Option("--format", metavar="F", help="text, json, openai or anthropic.")
    ] = "text",
    output: Output = None,
    directory: Directory = None,
) -> int:
    """Render a prompt with inputs.

    Inputs are checked against their schemas and defaults are filled in. A value given with
    --input is text where the input takes text, and JSON otherwise.

    Examples:
      promptreg render support/triage --input message="My invoice is wrong"
      promptreg render support/triage@production --inputs inputs.json
      promptreg render support/reply@1.4.0 --inputs - --locale de-AT --format openai
    """
    del directory
    check_format(format_, FORMATS)
    here = workspace()
    found = render(here, selector, _read(file), inputs or (), locale=locale)
    text = _json(found) if format_ == "json" else dump(found.rendered, format_)
    if locale and found.locale.lower() != locale.lower():
        talk(f"note: there is no text for `{locale}`; this is {found.locale or 'the default'}")
    if format_ == "text" and output is None:
        _refuse_commands(text)
    write(text, output)
    return 0


def _json(found: Rendering) -> str:
    """What was rendered with where it came from (schema `output/render`)."""
    return quiet_json(
        json_text(
            {
                "schema": "promptreg/render/v1",
                "selector": found.selector,
                "commit": found.commit,
                "digest": found.digest,
                "locale": found.locale,
                **json_format.dump(found.rendered),
            }
        )
    )


def _read(file: str) -> dict[str, Json]:
    if not file:
        return {}
    if file == "-":
        return read_inputs("standard input", sys.stdin.buffer.read(MOST_BYTES + 1))
    try:
        with Path(file).open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"the inputs can't be read: {error.strerror}", where=file) from None
    return read_inputs(file, data)


def _refuse_commands(text: str) -> None:
    """Text goes out as it is, so what a CI runner would obey doesn't go out at all."""
    if in_ci() and any(is_command(line) for line in text.splitlines()):
        raise UsageError(
            "the rendered text has a line that this CI runner would take as a command",
            hint="write it to a file: `--output FILE`; or use `--format json`",
        )
