"""Prompts that nothing is wrong with, known by all that this was judged by.

A note names a manifest by its path, its content and the settings that it is judged by, and holds
every path that following its templates looked at with what was found there. So it tells of the very
same prompt or of none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import asdict, dataclass
from hashlib import sha256

from promptreg.model.configuration import Configuration
from promptreg.model.prompt import Prompt
from promptreg.registry.reach import Reached
from promptreg.registry.texts import ENDINGS
from promptreg.store.content_ids import content_ids
from promptreg.store.trees import Tree


@dataclass(frozen=True, slots=True)
class Quiet:
    """What a note says of a quiet prompt."""

    name: str
    path: str
    lifecycle: str
    templates: tuple[str, ...]
    """The paths of its whole closure."""
    resolved: Mapping[str, str]
    """See Entry."""

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file that it consists of, the manifest first."""
        return (self.path, *self.templates)


@dataclass(frozen=True, slots=True)
class _Look:
    """What following the templates of a prompt looked at, and what it reached."""

    prompt: Prompt
    asked: frozenset[str]
    reached: Reached


class QuietPrompts:
    """The notes of earlier runs, and those of this one.

    `read` gives what was kept, by name, and is asked once, when a note is wanted first.
    """

    def __init__(self, read: Callable[[], Mapping[str, bytes]]) -> None:
        self._read = read
        self._kept: Mapping[str, bytes] | None = None
        self._place: Place | None = None
        self.used: set[str] = set()
        """The names of all notes that held."""
        self.news: dict[str, bytes] = {}
        """The notes of prompts that are quiet now, by name."""

    def at(self, tree: Tree, files: Set[str], settings: Configuration) -> Place:
        """The notes as they hold in `tree`, which has `files`. What is added is of the last one."""
        if self._kept is None:
            self._kept = self._read()
        self._place = Place(tree, files, settings, self._kept)
        return self._place

    def add(self, paths: Iterable[str]) -> None:
        """Nothing is wrong with the prompts whose manifests lie at `paths`, as they were loaded."""
        if self._place is not None:
            self.used |= self._place.used
            self.news.update(self._place.notes(paths))


class Place:
    """One tree's prompts, and what notes say of them."""

    def __init__(
        self, tree: Tree, files: Set[str], settings: Configuration, kept: Mapping[str, bytes]
    ) -> None:
        self._tree = tree
        self._files = files
        self._limits = settings.limits
        self._settings = json.dumps(asdict(settings), sort_keys=True).encode("ascii")
        self._kept = kept
        self._ids: dict[str, str] = {}
        self._looks: dict[str, _Look] = {}
        self.used: set[str] = set()
        """The names of the notes that hold here."""

    def quiet(self, paths: Iterable[str]) -> dict[str, Quiet]:
        """Those of the prompts with manifests at `paths` that are quiet, by path."""
        if not self._kept:
            return {}
        limit = self._limits.template_bytes
        templates = [path for path in self._files if path.endswith(ENDINGS)]
        self._ids = content_ids(self._tree, templates, limit=limit)
        named = content_ids(self._tree, paths, limit=self._limits.manifest_bytes)
        found = {}
        for path, content in named.items():
            name = self._name(path, content)
            line = self._kept.get(name)
            quiet = None if line is None else self._told(path, line)
            if quiet is not None:
                found[path] = quiet
                self.used.add(name)
        return found

    def looked(self, path: str, prompt: Prompt, asked: Iterable[str], reached: Reached) -> None:
        """Remember what following the templates of the prompt at `path` looked at."""
        if not reached.unresolved and not any(one.problems for one in reached.closures.values()):
            self._looks[path] = _Look(prompt, frozenset(asked), reached)

    def notes(self, paths: Iterable[str]) -> dict[str, bytes]:
        """The notes of those prompts at `paths` that were looked at, by name."""
        looks = {path: self._looks[path] for path in paths if path in self._looks}
        limit = self._limits.template_bytes
        asked = {one for look in looks.values() for one in look.asked} & self._files
        self._ids |= content_ids(self._tree, asked - self._ids.keys(), limit=limit)
        named = content_ids(self._tree, looks, limit=self._limits.manifest_bytes)
        return {
            self._name(path, named[path]): self._line(look)
            for path, look in looks.items()
            if path in named
        }

    def _line(self, look: _Look) -> bytes:
        said = [
            look.prompt.name,
            look.prompt.lifecycle.value,
            [[one, self._state(one)] for one in sorted(look.asked)],
            sorted(look.reached.templates),
            dict(look.reached.resolved),
        ]
        return json.dumps(said, separators=(",", ":")).encode("ascii")

    def _told(self, path: str, line: bytes) -> Quiet | None:
        try:
            name, lifecycle, looked, templates, resolved = json.loads(line)
            if any(self._state(one) != state for one, state in looked):
                return None
            words = (name, lifecycle, *templates, *resolved.keys(), *resolved.values())
        except (AttributeError, TypeError, ValueError, RecursionError):
            return None  # not what we write: as if it weren't there
        if not all(isinstance(one, str) for one in words):
            return None
        return Quiet(name, path, lifecycle, tuple(templates), resolved)

    def _state(self, path: str) -> str:
        """The name of the content at `path`; empty where no file lies there."""
        found = self._ids.get(path)
        if found is None:
            one = [path] if path in self._files else []
            found = content_ids(self._tree, one, limit=self._limits.template_bytes).get(path, "")
            self._ids[path] = found
        return found

    def _name(self, path: str, content: str) -> str:
        digest = sha256(self._settings)
        digest.update(json.dumps([path, content]).encode("ascii"))
        return digest.hexdigest()
