"""Entries that go by another name on the newer side."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping

from promptreg.model.data import Json
from promptreg.model.digest import unix_lines
from promptreg.model.entry import Entry

_NAMES = ("name", "renamed_from")


def renames(before: Mapping[str, Entry], after: Mapping[str, Entry]) -> dict[str, str]:
    """New name to old name: as `renamed_from:` says it, else by the very same content.

    Where several entries have that content nothing tells which became which, so none did.
    """
    found: dict[str, str] = {}
    gone, come = before.keys() - after.keys(), after.keys() - before.keys()
    for name in sorted(come):
        old = after[name].manifest.renamed_from
        if old in gone:
            found.setdefault(old, name)
    left = gone - found.keys(), come - set(found.values())
    olds = _by_content(before[name] for name in left[0]) if left[1] else {}
    news = _by_content(after[name] for name in left[1]) if olds else {}
    for content, names in olds.items():
        if len(names) == len(news.get(content, ())) == 1:
            found[names[0]] = news[content][0]
    return {new: old for old, new in found.items()}


def _by_content(entries: Iterable[Entry]) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for entry in entries:
        found[_content(entry)].append(entry.name)
    return found


def _content(entry: Entry) -> str:
    """All that an entry says but its name and where its files lie."""
    manifest = {key: value for key, value in entry.data.items() if key not in _NAMES}
    texts = sorted(unix_lines(text) for text in entry.templates.values())
    return json.dumps([entry.kind, _with_texts(manifest, entry), texts], sort_keys=True)


def _with_texts(value: Json, entry: Entry) -> Json:
    if isinstance(value, list):
        return [_with_texts(one, entry) for one in value]
    if not isinstance(value, dict):
        return value
    found = {key: _with_texts(one, entry) for key, one in value.items()}
    file = value.get("template")
    if isinstance(file, str) and file in entry.resolved:
        found["template"] = unix_lines(entry.templates.get(entry.resolved[file], ""))
    return found
