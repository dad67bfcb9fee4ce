"""Files of a registry that differ and belong to no entry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from promptreg.model.configuration import FILE
from promptreg.model.data import Json
from promptreg.model.environment import Environment, parse_environment
from promptreg.model.json_diff import json_differences
from promptreg.registry.discover import classify
from promptreg.registry.named_files import files_named
from promptreg.registry.snapshot import Snapshot
from promptreg.registry.texts import ENDINGS
from promptreg.releases.broken import error_at
from promptreg.releases.comparing import Sides
from promptreg.releases.comparison import EntryComparison, OtherFile

NO_CONTENT = "no change of content: comments, key order or layout only"
_SHOWN = 5


def other_files(sides: Sides, entries: Iterable[EntryComparison]) -> tuple[OtherFile, ...]:
    """The changed files that none of `entries` names, by path."""
    named = {path for entry in entries for path in (*entry.files, entry.path, entry.before_path)}
    users = named_files(sides.base.snapshot) | named_files(sides.head.snapshot)
    return tuple(
        OtherFile(path, _status(sides, path), _what(sides, path), _note(sides, path, users))
        for path in sorted(sides.changed - named)
    )


def named_files(snapshot: Snapshot) -> dict[str, str]:
    """Files that an entry names without being made of them: runbooks, use cases, snapshots.

    By path, the name of an entry.
    """
    return {
        path: entry.name
        for entry in snapshot.loud_entries()
        for path in files_named(entry.path, entry.manifest)
    }


def _status(sides: Sides, path: str) -> str:
    if path not in sides.base.snapshot.files:
        return "added"
    return "changed" if path in sides.head.snapshot.files else "removed"


def _what(sides: Sides, path: str) -> str:
    if path == FILE:
        return "configuration"
    for snapshot in (sides.head.snapshot, sides.base.snapshot):
        found = classify(path, snapshot.configuration.roots)
        if found is not None:
            return found.kind.lower()
    return "template" if path.endswith(ENDINGS) else "file"


def _note(sides: Sides, path: str, users: dict[str, str]) -> str:
    for loaded in (sides.head, sides.base):
        if path in loaded.snapshot.files and (finding := error_at(loaded, path)) is not None:
            return f"{finding.message} [{finding.rule}]"
    old, new = (one.snapshot.documents.get(path) for one in (sides.base, sides.head))
    if old and new and not json_differences(cast("Json", old.data), cast("Json", new.data)):
        return NO_CONTENT
    if moved := _pins_moved(sides, path):
        return moved
    if path in users:
        return f"named by `{users[path]}`"
    return "reached by no entry" if _what(sides, path) in {"template", "file"} else ""


def _pins_moved(sides: Sides, path: str) -> str:
    """What an environment runs now and ran before: `support/triage` 1.3.0 -> 1.4.0.

    And whether it is frozen now, or not any more.
    """
    before, after = (
        parse_environment(one.data)
        if (one := side.snapshot.documents.get(path)) and one.kind == "Environment"
        else Environment("", {})
        for side in (sides.base, sides.head)
    )
    old, new = _said(before), _said(after)
    changed = [name for name in sorted(old.keys() | new.keys()) if old.get(name) != new.get(name)]
    words = [f"`{name}` {old.get(name, 'none')} -> {new.get(name, 'none')}" for name in changed]
    if (before.frozen is None) != (after.frozen is None):
        words.insert(0, "not frozen any more" if after.frozen is None else "frozen")
    more = f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else ""
    return ", ".join(words[:_SHOWN]) + more


def _said(environment: Environment) -> dict[str, str]:
    return {
        name: str(pin.version) if section == "releases" else "suspended"
        for section, name, pin in environment.lines()
    }
