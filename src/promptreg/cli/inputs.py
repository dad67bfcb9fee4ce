"""Inputs that the caller names: a JSON file, or standard input."""

from __future__ import annotations

import sys
from pathlib import Path

from promptreg.cli.named_files import refuse_link
from promptreg.errors import UsageError
from promptreg.model.data import Json
from promptreg.registry.configuration import read_configuration
from promptreg.registry.workspace import Workspace
from promptreg.store.json_input import read_inputs


def read_given(file: str, workspace: Workspace) -> dict[str, Json]:
    """The inputs in `file`, or of standard input for `-`; at most as large as the registry says.

    Raises UsageError where there is nothing to read, InputError where it is no JSON object.
    """
    most = read_configuration(workspace.working_tree()).limits.input_bytes
    if file == "-":
        if sys.__stdin__ is None:
            raise UsageError("standard input is closed", where="--inputs -")
        return read_inputs("standard input", sys.stdin.buffer.read(most + 1), most_bytes=most)
    refuse_link(Path(file))
    try:
        with Path(file).open("rb") as stream:
            data = stream.read(most + 1)
    except OSError as error:
        raise UsageError(f"the inputs can't be read: {error.strerror}", where=file) from None
    return read_inputs(file, data, most_bytes=most)
