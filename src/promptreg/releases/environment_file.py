"""Editing an environment file: one thing changes, every other byte stays."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any, cast

from promptreg.errors import RefusedError
from promptreg.model.environment import Pin, environment_path
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
from promptreg.releases.environment_text import read_environment_data
from promptreg.store.yaml_edit import CannotEditError, with_key, without_key, written

_BLOCK = "write `releases:` and `suspended:` as blocks, one entry a line"


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

    before = cast("dict[str, Any]", read_environment_data(environment, text.encode()))
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

    wanted = deepcopy(cast("dict[str, Any]", read_environment_data(environment, text.encode())))
    pin = wanted["releases"].pop(name)
    wanted.setdefault("suspended", {})[name] = {**pin, "reason": reason}
    return _proved(environment, edit, wanted, _BLOCK)


def with_frozen(text: str, environment: str, reason: str) -> str:
    """The file's text with the line that freezes it, below its name."""
    said = "{reason: " + written(reason, '"') + "}"
    wanted = {**read_environment_data(environment, text.encode()), "frozen": {"reason": reason}}
    hint = f"write `frozen: {said}` into it by hand"
    return _proved(environment, lambda: with_key(text, ("name",), "frozen", said), wanted, hint)


def without_frozen(text: str, environment: str) -> str:
    """The file's text without the line that freezes it."""
    wanted = {**read_environment_data(environment, text.encode())}
    del wanted["frozen"]
    hint = "delete `frozen:` by hand"
    return _proved(environment, lambda: without_key(text, ("frozen",)), wanted, hint)


def _put_back(text: str, name: str, pin: Pin) -> str:
    said = without_key(text, ("suspended", name, "reason"))
    entry, lines = take(lines_of(said), "suspended", name)
    return "\n".join(put(lines, "releases", name, pointed(entry, pin)))


def _proved(environment: str, edit: Callable[[], str], wanted: dict[str, Any], by_hand: str) -> str:
    """The edited text, if it says what is wanted and nothing else has changed.

    An empty `suspended` is as good as none.
    """
    path = environment_path(environment)
    try:
        edited = edit()
        if _plain(read_environment_data(environment, edited.encode())) == _plain(wanted):
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
