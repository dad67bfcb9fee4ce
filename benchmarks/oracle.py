"""What a commit changes in a registry, told by git and a few regular expressions alone.

Knows nothing of how promptreg loads or compares, so that the two can be held against each other.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import dirname, normpath
from typing import Any

import yaml

from benchmarks.draft import reached

_MANIFEST = re.compile(r"(?:prompts|agents)/.+[./](prompt|agent)\.yaml", re.DOTALL)
_ENVIRONMENT = re.compile(r"environments/[^/]+\.yaml")
_FILES = ("100644", "100755")


@dataclass(frozen=True)
class Seen:
    """An entry as the oracle sees it: its name, its files, and what counts of them."""

    name: str
    kind: str
    files: tuple[str, ...]
    content: str


@dataclass(frozen=True)
class Expected:
    """What has to be told of a commit."""

    named: frozenset[str]
    """Files that must be named somewhere."""
    bytes_changed: frozenset[str]
    before: Mapping[str, Seen]
    after: Mapping[str, Seen]
    """Sound entries by name."""


@dataclass
class Oracle:
    """Reads a repository; remembers every blob that it read."""

    folder: Path
    _texts: dict[str, bytes] = field(default_factory=dict)
    _manifests: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    _trees: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)

    def expected(self, base: str, head: str) -> Expected:
        """What `head` changes against `base`."""
        changed = self._changed(base, head)
        old, new = self._tree(base), self._tree(head)
        before, after = self._entries(old), self._entries(new)
        reachable = {
            path for side in (before, after) for one in side.values() for path in one.files
        }
        mine = {path for path in changed if _is_document(path) or path in reachable}
        return Expected(
            named=frozenset(mine), bytes_changed=frozenset(changed), before=before, after=after
        )

    def _changed(self, base: str, head: str) -> set[str]:
        raw = self._git("diff-tree", "-r", "-z", "--no-renames", base, head)
        fields = raw.decode("utf-8", "surrogateescape").split("\0")[:-1]
        return {path for row, path in zip(fields[::2], fields[1::2], strict=True) if _differs(row)}

    def _tree(self, commit: str) -> dict[str, tuple[str, str]]:
        if commit not in self._trees:
            raw = self._git("ls-tree", "-r", "-z", commit).decode("utf-8", "surrogateescape")
            rows = [row.split("\t", 1) for row in raw.split("\0") if row]
            tree = {path: (facts.split()[0], facts.split()[2]) for facts, path in rows}
            self._read({oid for path, (_, oid) in tree.items() if path.endswith((".yaml", ".j2"))})
            self._trees[commit] = tree
        return self._trees[commit]

    def _entries(self, tree: Mapping[str, tuple[str, str]]) -> dict[str, Seen]:
        found: dict[str, Seen | None] = {}
        for path, (mode, oid) in tree.items():
            match = _MANIFEST.fullmatch(path)
            data = self._manifest(oid) if match and mode in _FILES else None
            if match is None or data is None or data.get("kind") != match[1].capitalize():
                continue  # no manifest, or one that contradicts its file's name: no entry
            name = str(data["name"])
            found[name] = None if name in found else self._entry(tree, path, data, match[1])
        return {name: entry for name, entry in found.items() if entry is not None}

    def _entry(
        self, tree: Mapping[str, tuple[str, str]], path: str, data: dict[str, Any], kind: str
    ) -> Seen:
        texts: dict[str, str] = {}
        waiting = [(dirname(path), name) for name in _named(data)] if kind == "prompt" else []
        while waiting:
            folder, name = waiting.pop()
            places = (normpath(f"{folder}/{name}"), normpath(f"partials/{name}"))
            where = next((one for one in places if one in tree), None)
            if where is None or where in texts or tree[where][0] not in _FILES:
                continue
            raw = self._texts.get(tree[where][1], b"")
            texts[where] = raw.decode("latin-1").replace("\r\n", "\n")
            waiting += [(dirname(where), one) for one in reached(texts[where])]
        content = json.dumps([path, data, texts], sort_keys=True)
        return Seen(str(data["name"]), kind, (path, *sorted(texts)), content)

    def _manifest(self, oid: str) -> dict[str, Any] | None:
        if oid not in self._manifests:
            self._manifests[oid] = _parsed(self._texts[oid])
        return self._manifests[oid]

    def _read(self, oids: set[str]) -> None:
        wanted = sorted(oids - self._texts.keys())
        raw = self._git("cat-file", "--batch", stdin="\n".join(wanted).encode())
        at = 0
        for oid in wanted:
            head, _, _ = raw[at : at + 200].partition(b"\n")
            size = int(head.split()[2])
            at += len(head) + 1
            self._texts[oid] = raw[at : at + size]
            at += size + 1

    def _git(self, *words: str, stdin: bytes = b"") -> bytes:
        command = ("git", *words)
        return subprocess.run(
            command, cwd=self.folder, input=stdin, capture_output=True, check=True
        ).stdout


def _differs(row: str) -> bool:
    """Whether more than the executable bit differs, in a raw row of diff-tree."""
    old_mode, new_mode, old, new, _ = row.removeprefix(":").split()
    return old != new or (old_mode != new_mode and {old_mode, new_mode} != set(_FILES))


def _is_document(path: str) -> bool:
    return bool(
        path == "promptreg.yaml" or _MANIFEST.fullmatch(path) or _ENVIRONMENT.fullmatch(path)
    )


def _parsed(content: bytes) -> dict[str, Any] | None:
    try:
        data = yaml.load(content.decode(), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError):
        return None
    return data if isinstance(data, dict) and "name" in data else None


def _named(data: Any) -> list[str]:
    if isinstance(data, list):
        return [one for item in data for one in _named(item)]
    if not isinstance(data, dict):
        return []
    own = [data["template"]] if isinstance(data.get("template"), str) else []
    inline = [one for key in ("content", "text") for one in reached(str(data.get(key, "")))]
    return own + inline + [one for value in data.values() for one in _named(value)]
