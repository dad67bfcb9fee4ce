"""Prompts that nothing is wrong with, known by all that this was judged by.

A note names a manifest by its path, its bytes and the settings that it is read by, and holds every
path that following its templates looked at with what was found there. So it tells of the very same
prompt or of none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from promptreg.model.configuration import Configuration
from promptreg.model.data import Route
from promptreg.registry.reach import Reached
from promptreg.registry.texts import TemplateTexts
from promptreg.templates.closure import Closure

_NOTHING = ""
_NO_TEXT = "!"


@dataclass(frozen=True, slots=True)
class Known:
    """What a note says of a quiet prompt: what it reaches, without closures."""

    templates: Mapping[str, str]
    resolved: Mapping[str, str]


class QuietPrompts:
    """The notes of earlier runs, and those of this one.

    `read` gives what was kept, by name, and is asked once, when a note is wanted first.
    """

    def __init__(self, read: Callable[[], Mapping[str, bytes]]) -> None:
        self._read = read
        self._kept: Mapping[str, bytes] | None = None
        self._states: dict[str, str] = {}
        self._looks: dict[str, tuple[str, list[Any]]] = {}
        self.used: set[str] = set()
        """The names of all notes that held."""
        self.news: dict[str, bytes] = {}
        """The notes of prompts that are quiet now, by name."""

    def known(
        self, path: str, content: bytes, settings: Configuration, texts: TemplateTexts
    ) -> Known | None:
        """What a run that found the very same prompt quiet knew, or None.

        Every path that it looked at counts as reached in `texts`.
        """
        if self._kept is None:
            self._kept = self._read()
        name = _name(path, content, settings)
        line = self._kept.get(name)
        if line is None:
            return None
        try:
            looked, paths, resolved = json.loads(line)
            if any(self._state(one, texts) != state for one, state in looked):
                return None
            found = {one: text for one in paths if (text := texts.get(one)) is not None}
            if len(found) != len(paths):
                return None
            known = Known(found, dict(resolved))
        except (AttributeError, TypeError, ValueError, RecursionError):
            return None  # not what we write: as if it weren't there
        self.used.add(name)
        return known

    def looked(
        self,
        path: str,
        content: bytes,
        settings: Configuration,
        texts: NotedTexts,
        reached: Reached,
    ) -> None:
        """Remember what following the templates of the prompt at `path` looked at."""
        if reached.unresolved or any(one.problems for one in reached.closures.values()):
            return
        looked = [[one, self._state(one, texts)] for one in sorted(texts.asked)]
        line = [looked, sorted(reached.templates), list(reached.resolved.items())]
        self._looks[path] = _name(path, content, settings), line

    def add(self, paths: Iterable[str]) -> None:
        """Nothing is wrong with the prompts whose manifests lie at `paths`, as they were loaded."""
        for path in paths:
            if path in self._looks:
                name, line = self._looks[path]
                said = json.dumps(line, separators=(",", ":"))
                self.news[name] = said.encode("ascii")

    def _state(self, path: str, texts: TemplateTexts) -> str:
        text = texts.get(path)
        found = self._states.get(path)
        if found is None:
            if text is not None:
                found = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
            else:
                found = _NO_TEXT if path in texts.files else _NOTHING
            self._states[path] = found
        return found


class NotedTexts(TemplateTexts):
    """`texts`, with a note of every path that was asked about."""

    def __init__(self, texts: TemplateTexts) -> None:  # it reads by way of `texts` alone
        self._of = texts
        self.files = texts.files
        self.asked: set[str] = set()

    def exists(self, path: str) -> bool:
        """Whether the tree has a file at `path`."""
        self.asked.add(path)
        return self._of.exists(path)

    def get(self, path: str) -> str | None:
        """The text at `path`, or None where there is none to use."""
        self.asked.add(path)
        return self._of.get(path)


class LateClosures(Mapping[str, Mapping[Route, Closure]]):
    """The closures of all entries; those of quiet prompts are made when they are asked for."""

    def __init__(
        self,
        made: Mapping[str, Mapping[Route, Closure]],
        quiet: Set[str],
        make: Callable[[str], Mapping[Route, Closure]],
    ) -> None:
        self._made = dict(made)
        self._quiet = set(quiet)
        self._make = make

    def __getitem__(self, name: str) -> Mapping[Route, Closure]:
        if name in self._quiet:
            self._made[name] = self._make(name)
            self._quiet.remove(name)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


def _name(path: str, content: bytes, settings: Configuration) -> str:
    limits = settings.limits
    said = [path, settings.template_roots, limits.template_bytes, limits.input_bytes]
    digest = sha256(json.dumps(said).encode("ascii") + b"\0")
    digest.update(content)
    return digest.hexdigest()
