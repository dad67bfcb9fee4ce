"""`promptreg schema`."""

from __future__ import annotations

from typing import Annotated

import typer

from promptreg.cli.options import Output
from promptreg.cli.output import write
from promptreg.commands.schema import schema, schema_names


def command(
    kind: Annotated[
        str, typer.Argument(metavar="[KIND]", help="A kind of file. Default: list what there is.")
    ] = "",
    output: Output = None,
) -> int:
    """Print the JSON Schema of a kind of file, or of a command's JSON output.

    The schemas are JSON Schema 2020-12; an editor with a YAML language server can use them.

    Examples:
      promptreg schema
      promptreg schema prompt
      promptreg schema output/list
    """
    write(schema(kind) if kind else "".join(f"{name}\n" for name in schema_names()), output)
    return 0
