"""Editing an environment file: one entry's line moves, every other byte stays."""

from __future__ import annotations

import re

from promptreg.errors import RefusedError
from promptreg.model.digest import API_VERSION
from promptreg.model.environment import Environment, Pin, environment_path, parse_environment
from promptreg.registry.documents import parse_document
from promptreg.store.yaml_scalars import NotJsonError, resolve

_KEY = re.compile(r"""(?P<indent>[ ]+)(?P<quote>["']?)(?P<name>[a-z0-9][a-z0-9_/-]*)(?P=quote):""")
_EMPTY = re.compile(r"releases:[ \t]*\{[ \t]*\}[ \t]*(?P<comment>#.*)?")
_OPEN = re.compile(r"releases:[ \t]*(?P<comment>#.*)?")
_VALUE = r"""(?P<before>(?<![\w-])(?P<mark>["']?){key}(?P=mark)[ ]*:[ ]+)(?P<quote>["']?)[^\s"',}}#]+(?P=quote)"""


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
    if environment.torn:
        raise RefusedError(
            f"`{path}` says both that `{environment.torn[0]}` runs and that it is suspended",
            where=path,
            hint="keep its line under `releases:` or the one under `suspended:`",
        )
    return environment


def with_pin(text: str, environment: str, name: str, pin: Pin) -> str:
    """The file's text with `name` pointing to `pin`; a new entry gets a line in its sorted place.

    Every other byte stays: line ends, comments, and how other entries are written. Raises
    RefusedError where the file's shape leaves no safe way to change one entry.
    """
    before = read_environment_text(environment, text.encode())
    newline = "\r\n" if text.partition("\n")[0].endswith("\r") else "\n"
    lines = text.split("\n")
    start, end = _block(lines, environment)
    lines[start:end] = _placed(lines[start:end], name, pin, newline.removesuffix("\n"))
    edited = "\n".join(lines)
    after = _reread(environment, edited)
    if after is None or after.releases != before.releases | {name: pin}:
        raise _refusal(environment)
    return edited


def _reread(environment: str, text: str) -> Environment | None:
    try:
        return read_environment_text(environment, text.encode())
    except RefusedError:
        return None


def _block(lines: list[str], environment: str) -> tuple[int, int]:
    """Where the entries stand, from the line after `releases:`; opens an empty `{}`.

    Lines are those between line feeds; a carriage return is a line's last character.
    """
    for index, line in enumerate(lines):
        plain = line.removesuffix("\r")
        empty = _EMPTY.fullmatch(plain)
        if empty:
            comment = f" {empty['comment']}" if empty["comment"] else ""
            ending = "\r" if line != plain else ""
            lines[index] = "releases:" + comment + ending
            if index == len(lines) - 1:
                lines.append("")  # the file's last line had no end
            return index + 1, index + 1
        if _OPEN.fullmatch(plain):
            return index + 1, _end_of_block(lines, index + 1)
    raise _refusal(environment)


def _end_of_block(lines: list[str], start: int) -> int:
    """After the last entry: blank lines and comments below it stay below it."""
    end = after = start
    while after < len(lines) and (not lines[after].strip() or lines[after][0] in " #"):
        after += 1
        if lines[after - 1].strip() and lines[after - 1][0] == " ":
            end = after
    return end


def _placed(block: list[str], name: str, pin: Pin, ending: str) -> list[str]:
    keys = [(index, match) for index, line in enumerate(block) if (match := _KEY.match(line))]
    indent = keys[0][1]["indent"] if keys else "  "
    own = [(index, match["name"]) for index, match in keys if match["indent"] == indent]
    for place, (index, known) in enumerate(own):
        if known == name:
            end = own[place + 1][0] if place + 1 < len(own) else len(block)
            return [*block[:index], *_pointed(block[index:end], pin), *block[end:]]
    line = f'{indent}{_key(name)}: {{version: {pin.version}, digest: "{pin.digest}"}}{ending}'
    later = next((index for index, known in own if known > name), None)
    if later is None:
        return [*block, line]
    while later and block[later - 1].lstrip().startswith("#"):
        later -= 1  # a comment above an entry belongs to it
    return [*block[:later], line, *block[later:]]


def _key(name: str) -> str:
    """The name as a key; `0`, `1e9` and `null` are names, too, and need quotes."""
    try:
        return name if resolve(name) == name else f'"{name}"'
    except NotJsonError:
        return f'"{name}"'


def _pointed(lines: list[str], pin: Pin) -> list[str]:
    """The lines of an entry, however it is written, with another version and digest in place."""
    text = "\n".join(lines)
    for key, value in (("version", str(pin.version)), ("digest", pin.digest)):
        shape = re.compile(_VALUE.format(key=key))
        text = shape.sub(rf"\g<before>\g<quote>{value}\g<quote>", text, count=1)
    return text.split("\n")


def _refusal(environment: str) -> RefusedError:
    path = environment_path(environment)
    return RefusedError(
        f"`{path}` has a shape in which one entry can't be changed safely",
        where=path,
        hint="write `releases:` as a block, one entry a line",
    )
