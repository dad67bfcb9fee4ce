"""Environment files: what a new one says, and what one means."""

from __future__ import annotations

from promptreg.errors import RefusedError
from promptreg.model.data import Json
from promptreg.model.digest import API_VERSION
from promptreg.model.environment import Environment, environment_path, parse_environment
from promptreg.registry.documents import parse_document


def new_environment_text(name: str) -> str:
    """The file of an environment where nothing runs yet."""
    return f"apiVersion: {API_VERSION}\nkind: Environment\nname: {name}\nreleases: {{}}\n"


def read_environment_text(name: str, content: bytes) -> Environment:
    """The environment in a file's bytes. Raises RefusedError where the file is broken."""
    return parse_environment(read_environment_data(name, content))


def read_environment_data(name: str, content: bytes) -> dict[str, Json]:
    """The same as plain data."""
    path = environment_path(name)
    parsed = parse_document(path, content, "Environment")
    if parsed.data is None:
        raise RefusedError(
            f"`{path}` can't be used: {parsed.findings[0].message}",
            where=path,
            hint="`promptreg validate` tells where; nothing was changed",
        )
    environment = parse_environment(parsed.data)
    if environment.name != name:
        raise RefusedError(
            f"`{path}` says that it is `{environment.name}`",
            where=path,
            hint=f"write `name: {name}` or rename the file",
        )
    if environment.torn:
        raise RefusedError(
            f"`{path}` says both that `{environment.torn[0]}` runs and that it is suspended",
            where=path,
            hint="keep its line under `releases:` or the one under `suspended:`",
        )
    return parsed.data
