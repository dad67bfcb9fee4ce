"""Editing an environment file: one thing changes, every other byte stays."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any, cast

from promptreg.errors import RefusedError
from promptreg.model.data import Json
from promptreg.model.digest import API_VERSION
from promptreg.model.environment import Environment, Pin, environment_path, parse_environment
from promptreg.registry.documents import parse_document
from promptreg.releases.environment_blocks import (
    has_section,
    lines_of,
    new_entry,
    pointed,
    put,
    repointed,
    take,
    with_section,
)
from promptreg.store.yaml_edit import CannotEditError, with_key, without_key, written

_BLOCK = "write `releases:` and `suspended:` as blocks, one entry a line"


def new_environment_text(name: str) -> str:
    """The file of an environment where nothing runs yet."""
    return f"apiVersion: {API_VERSION}\nkind: Environment\nname: {name}\nreleases: {{}}\n"


def read_environment_text(name: str, content: bytes) -> Environment:
    """The environment in a file's bytes. Raises RefusedError where the file is broken."""
    return parse_environment(_read(name, content))


def with_pin(text: str, environment: str, name: str, pin: Pin) -> str:
    """The file's text with `name` pointing to `pin`; a new entry gets a line in its sorted place.

    What was suspended runs again. Every other byte stays: line ends, comments, and how other
    entries are written. Raises RefusedError where the file's shape leaves no safe way to change one
    entry.
    """

    def edit() -> str:
        if name in before.get("suspended", {}):
            return _put_back(text, name, pin)
        lines = lines_of(text)
        ending = "\r" if lines[0].endswith("\r") else ""
        moved = repointed(lines, name, pin)
        return "\n".join(moved or put(lines, "releases", name, new_entry(name, pin, ending=ending)))

    before = cast("dict[str, Any]", _read(environment, text.encode()))
    wanted = deepcopy(before)
    wanted["releases"][name] = {"version": str(pin.version), "digest": pin.digest}
    wanted.get("suspended", {}).pop(name, None)
    return _proved(environment, edit, wanted, _BLOCK)


def with_suspension(text: str, environment: str, name: str, reason: str) -> str:
    """The file's text with the line of `name` among what is suspended, and why.

    Every other byte stays. Raises RefusedError where the file's shape leaves no safe way.
    """

    def edit() -> str:
        ended = text if text.endswith("\n") else text + ("\r\n" if "\r\n" in text else "\n")
        said = with_key(ended, ("releases", name, "digest"), "reason", written(reason, '"'))
        entry, lines = take(lines_of(said), "releases", name)
        if not has_section(lines, "suspended"):
            lines = with_section(lines, "suspended", after="releases")
        return "\n".join(put(lines, "suspended", name, entry))

    wanted = deepcopy(cast("dict[str, Any]", _read(environment, text.encode())))
    pin = wanted["releases"].pop(name)
    wanted.setdefault("suspended", {})[name] = {**pin, "reason": reason}
    return _proved(environment, edit, wanted, _BLOCK)


def with_frozen(text: str, environment: str, reason: str) -> str:
    """The file's text with the line that freezes it, below its name."""
    said = "{reason: " + written(reason, '"') + "}"
    wanted = {**_read(environment, text.encode()), "frozen": {"reason": reason}}
    hint = f"write `frozen: {said}` into it by hand"
    return _proved(environment, lambda: with_key(text, ("name",), "frozen", said), wanted, hint)


def without_frozen(text: str, environment: str) -> str:
    """The file's text without the line that freezes it."""
    wanted = {**_read(environment, text.encode())}
    del wanted["frozen"]
    hint = "delete `frozen:` by hand"
    return _proved(environment, lambda: without_key(text, ("frozen",)), wanted, hint)


def _put_back(text: str, name: str, pin: Pin) -> str:
    said = without_key(text, ("suspended", name, "reason"))
    entry, lines = take(lines_of(said), "suspended", name)
    return "\n".join(put(lines, "releases", name, pointed(entry, pin)))


def _read(name: str, content: bytes) -> dict[str, Json]:
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


def _proved(environment: str, edit: Callable[[], str], wanted: dict[str, Any], by_hand: str) -> str:
    """The edited text, if it says what is wanted and nothing else has changed.

    An empty `suspended` is as good as none.
    """
    path = environment_path(environment)
    try:
        edited = edit()
        if _plain(_read(environment, edited.encode())) == _plain(wanted):
            return edited
    except (CannotEditError, RefusedError):
        pass
    raise RefusedError(
        f"`{path}` has a shape in which one entry can't be changed safely",
        where=path,
        hint=by_hand,
    )


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != "suspended" or value}
