"""Editing an environment file: one entry's line moves, every other byte stays."""

from __future__ import annotations

import re

from promptreg.errors import RefusedError
from promptreg.model.digest import API_VERSION
from promptreg.model.environment import Environment, Pin, environment_path, parse_environment
from promptreg.registry.documents import parse_document

_KEY = re.compile(r"""(?P<indent>[ ]+)(?P<quote>["']?)(?P<name>[a-z0-9][a-z0-9_/-]*)(?P=quote):""")
_EMPTY = re.compile(r"releases:[ \t]*\{[ \t]*\}[ \t]*(?P<comment>#.*)?")
_OPEN = re.compile(r"releases:[ \t]*(?P<comment>#.*)?")


def new_environment_text(name: str) -> str:
    """The file of an environment where nothing runs yet."""
    return f"apiVersion: {API_VERSION}\nkind: Environment\nname: {name}\nreleases: {{}}\n"


def read_environment_text(name: str, content: bytes) -> Environment:
    """The environment in a file's bytes. Raises RefusedError where the file is broken."""
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
    return environment


def with_pin(text: str, environment: str, name: str, pin: Pin) -> str:
    """The file's text with `name` pointing to `pin`; entries are sorted, one a line.

    Raises RefusedError where the file's shape leaves no safe way to change one entry.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n").split("\n")
    start, end = _block(lines, environment)
    lines[start:end] = _placed(lines[start:end], name, pin)
    edited = newline.join(lines)
    before = read_environment_text(environment, text.encode())
    after = read_environment_text(environment, edited.encode())
    if after.releases != before.releases | {name: pin}:
        raise _refusal(environment)
    return edited


def _block(lines: list[str], environment: str) -> tuple[int, int]:
    """Where the entries stand, from the line after `releases:`; opens an empty `{}`."""
    for index, line in enumerate(lines):
        empty = _EMPTY.fullmatch(line)
        if empty:
            lines[index] = "releases:" + (f" {empty['comment']}" if empty["comment"] else "")
            return index + 1, index + 1
        if _OPEN.fullmatch(line):
            end = index + 1
            while end < len(lines) and (not lines[end].strip() or lines[end][0] in " #"):
                end += 1
            while not lines[end - 1].strip():
                end -= 1  # blank lines after the last entry stay below it
            return index + 1, end
    raise _refusal(environment)


def _placed(block: list[str], name: str, pin: Pin) -> list[str]:
    keys = [(index, match) for index, line in enumerate(block) if (match := _KEY.match(line))]
    indent = keys[0][1]["indent"] if keys else "  "
    own = [(index, match["name"]) for index, match in keys if match["indent"] == indent]
    line = f'{indent}{name}: {{version: {pin.version}, digest: "{pin.digest}"}}'
    for index, known in own:
        if known == name:
            return [*block[:index], line, *block[_end(block, index, indent) :]]
    later = next((index for index, known in own if known > name), None)
    if later is None:
        return [*block, line]
    while later and block[later - 1].lstrip().startswith("#"):
        later -= 1  # a comment above an entry belongs to it
    return [*block[:later], line, *block[later:]]


def _end(block: list[str], index: int, indent: str) -> int:
    end = index + 1
    while end < len(block) and block[end].startswith(indent + " "):
        end += 1
    return end


def _refusal(environment: str) -> RefusedError:
    path = environment_path(environment)
    return RefusedError(
        f"`{path}` has a shape in which one entry can't be changed safely",
        where=path,
        hint="write `releases:` as a block, one entry a line",
    )
