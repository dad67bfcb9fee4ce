"""`promptreg render`."""

from __future__ import annotations

from typing import Annotated

import typer

from promptreg.cli.inputs import read_given
from promptreg.cli.options import Directory, Output, workspace
from promptreg.cli.output import check_format, in_ci, talk, write
from promptreg.commands.render import Rendering, render
from promptreg.errors import UsageError
from promptreg.formats import json_format
from promptreg.formats.dump import FORMATS, dump
from promptreg.reporters.printable import is_command, quiet_json
from promptreg.reporters.values import json_text


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
    given = read_given(file, here) if file else {}
    found = render(here, selector, given, inputs or (), locale=locale)
    text = _text(found, format_)
    if locale and found.locale.lower() != locale.lower():
        talk(f"note: there is no text for `{locale}`; this is {found.locale or 'the default'}")
    if format_ == "text" and output is None:
        _refuse_commands(text)
    write(text, output)
    return 0


def _text(found: Rendering, format_: str) -> str:
    if format_ == "json":
        return _json(found)
    text = dump(found.rendered, format_)
    return text if format_ == "text" else quiet_json(text)


def _json(found: Rendering) -> str:
    """What was rendered with where it came from (schema `output/render`)."""
    return json_text(
        {
            "schema": "promptreg/render/v1",
            "selector": found.selector,
            "commit": found.commit,
            "digest": found.digest,
            "locale": found.locale,
            **json_format.dump(found.rendered),
        }
    )


def _refuse_commands(text: str) -> None:
    """Text goes out as it is, so what a CI runner would obey doesn't go out at all."""
    if in_ci() and any(is_command(line) for line in text.splitlines()):
        raise UsageError(
            "the rendered text has a line that this CI runner would take as a command",
            hint="write it to a file: `--output FILE`; or use `--format json`",
        )
