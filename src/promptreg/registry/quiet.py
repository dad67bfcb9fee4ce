"""Prompts that needn't be judged again, known by all that they were judged by.

A note names a manifest by its path, its content and the settings that it is judged by, and holds
every path that following its templates looked at, and the snapshots of its tests, with what was
found there. So it tells of the very same prompt or of none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256

from promptreg.model.configuration import Configuration
from promptreg.model.prompt import Prompt
from promptreg.registry.named_files import files_named
from promptreg.registry.quiet_note import Note, Outline, Quiet, Wrong, note_of
from promptreg.registry.reach import Reached
from promptreg.registry.texts import ENDINGS
from promptreg.store.content_ids import content_ids
from promptreg.store.trees import Tree


@dataclass(frozen=True, slots=True)
class _Look:
    """What following the templates of a prompt looked at, and what it reached."""

    prompt: Prompt
    asked: frozenset[str]
    reached: Reached


_NOTHING = Wrong(0, is_within=True)


class QuietPrompts:
    """The notes of earlier runs, and those of this one.

    `read` gives what was kept, by name, and is asked once, when a note is wanted first.
    """

    def __init__(self, read: Callable[[], Mapping[str, bytes]]) -> None:
        self._read: Callable[[], Mapping[str, bytes]] = cache(read)
        self._changed: frozenset[str] | None = None
        self._concerns: Callable[[Iterable[str]], bool] | None = None
        self._other: Place | None = None
        self._place: Place | None = None
        self._told: dict[str, Note] = {}
        self.tells = False
        """Whether the findings of prompts that count as quiet are told."""
        self.used: set[str] = set()
        """The names of all notes that held."""
        self.news: dict[str, Note] = {}
        """The notes of this run, by name."""

    def compare(self, changed: frozenset[str]) -> None:
        """Two trees are to be compared, in which the files at `changed` differ, and no others.

        Prompts that none of these concern are the same on both sides, whatever is wrong with them:
        they count as quiet, too, where nothing is found about them that isn't about them alone.
        """
        self._changed = changed

    def narrow(self, concerns: Callable[[Iterable[str]], bool]) -> None:
        """Only prompts that `concerns` says to be asked about, by their paths, are told of.

        Others count as quiet, too, where nothing is found about them that isn't about them alone.
        """
        self._concerns = concerns

    def tell(self) -> None:
        """All prompts are told of: those whose findings are known count as quiet, too."""
        self.tells = True

    def at(self, tree: Tree, files: Set[str], settings: Configuration) -> Place:
        """The notes as they hold in `tree`, which has `files`. What is added is of the last one."""
        self._place = Place(
            tree,
            files,
            settings,
            _Notes(
                self._read(), self._changed, self._concerns, self._told, self.tells, self._other
            ),
        )
        return self._place

    def add(self, found: Mapping[str, Wrong | None]) -> None:
        """The prompts whose manifests lie at these paths needn't be judged again, as they were loaded.

        None: nothing is wrong with them, and their tests pass. Else what is found about them is
        about them alone.
        """
        if self._place is None:
            return
        new = self._place.notes(found)
        self.used |= self._place.used
        for name, note in new.items():
            # Who only looked at a part tells less.
            if note.says_no_more_than(self._told.get(name)):
                self.used.add(name)
            else:
                self.news[name] = note

    def read_no_more(self) -> None:
        """From now on know only what held in the tree that was asked about last."""
        used = self._place.used if self._place is not None else set()
        kept = {name: line for name, line in self._read().items() if name in used}
        self._read = lambda: kept
        self._other = self._place if self._changed is not None else None


@dataclass(frozen=True, slots=True)
class _Notes:
    lines: Mapping[str, bytes]
    changed: frozenset[str] | None
    concerns: Callable[[Iterable[str]], bool] | None
    told: dict[str, Note]
    """Those that were read, by name."""
    tells: bool
    other: Place | None
    """The tree that is compared with, where it was looked at before."""

    def note(self, name: str, path: str) -> Note | None:
        """The note of that name, which is about the manifest at `path`."""
        line = self.lines.get(name)
        if line is not None and name not in self.told:
            note = note_of(path, line)
            if note is not None:
                self.told[name] = note
        return None if line is None else self.told.get(name)


class Place:
    """One tree's prompts, and what notes say of them."""

    def __init__(self, tree: Tree, files: Set[str], settings: Configuration, notes: _Notes) -> None:
        self._tree = tree
        self._files = files
        self._limits = settings.limits
        self._named = sha256(json.dumps(asdict(settings), sort_keys=True).encode("ascii"))
        self._notes = notes
        self._ids: dict[str, str] = {}
        self._looks: dict[str, _Look] = {}
        self._held: dict[str, tuple[str, Note]] = {}

    @property
    def used(self) -> set[str]:
        """The names of the notes that hold here."""
        return {name for name, _ in self._held.values()}

    def quiet(self, paths: Iterable[str]) -> dict[str, Quiet]:
        """Those of the prompts with manifests at `paths` that are quiet, by path."""
        other = self._notes.other
        if other is not None and other.is_judged_as(self._named.digest()):
            self._held = dict(self._unchanged(other, paths))
            return {path: note.quiet for path, (_, note) in self._held.items()}
        if not self._notes.lines:
            return {}
        limit = self._limits.template_bytes
        templates = [path for path in self._files if path.endswith(ENDINGS)]
        self._ids = content_ids(self._tree, templates, limit=limit)
        named = content_ids(self._tree, paths, limit=self._limits.manifest_bytes)
        told = ((path, self._quiet(path, content)) for path, content in named.items())
        return {path: quiet for path, quiet in told if quiet is not None}

    def is_judged_as(self, settings: bytes) -> bool:
        """Whether the prompts are judged by the settings that have this digest."""
        return self._named.digest() == settings

    def _unchanged(
        self, other: Place, paths: Iterable[str]
    ) -> Iterator[tuple[str, tuple[str, Note]]]:
        """What holds in another tree and, since no change concerns it, here."""
        changed = self._notes.changed or frozenset()
        for path in paths:
            held = other._held.get(path)
            if held is None or path in changed:
                continue
            if not any(one in changed for one, _ in held[1].seen):
                yield path, held

    def forget(self, path: str) -> None:
        """The prompt at `path` is none here, whatever its note says: others bear its name."""
        del self._held[path]

    def looked(self, path: str, prompt: Prompt, asked: Iterable[str], reached: Reached) -> None:
        """Remember what following the templates of the prompt at `path` looked at."""
        if not reached.unresolved and not any(one.problems for one in reached.closures.values()):
            seen = frozenset((*asked, *files_named(path, prompt)))
            self._looks[path] = _Look(prompt, seen, reached)

    def notes(self, found: Mapping[str, Wrong | None]) -> dict[str, Note]:
        """The notes of those prompts that were looked at, by name; they hold here."""
        looks = {path: self._looks[path] for path in found if path in self._looks}
        limit = self._limits.template_bytes
        asked = {one for look in looks.values() for one in look.asked} & self._files
        self._ids |= content_ids(self._tree, asked - self._ids.keys(), limit=limit)
        named = content_ids(self._tree, looks, limit=self._limits.manifest_bytes)
        new = []
        for path, look in looks.items():
            if path in named:
                name = self._name(path, named[path], is_sound=found[path] is None)
                self._held[path] = name, self._made(path, look, found[path] or _NOTHING)
                new.append(self._held[path])
        return dict(new)

    def _quiet(self, path: str, content: str) -> Quiet | None:
        for is_sound in (True, False):
            name = self._name(path, content, is_sound=is_sound)
            note = self._notes.note(name, path)
            if note is None or not (is_sound or self._is_aside(note)):
                continue
            ids = self._ids
            if all(
                (ids[one] if one in ids else self._state(one)) == state for one, state in note.seen
            ):
                self._held[path] = name, note
                return note.quiet
        return None

    def _made(self, path: str, look: _Look, wrong: Wrong) -> Note:
        one, reached = look.prompt, look.reached
        outline = Outline(one.lifecycle, one.sunset, one.replaced_by, one.renamed_from)
        templates = tuple(sorted(reached.templates))
        quiet = Quiet(one.name, path, outline, templates, dict(reached.resolved), wrong)
        return Note(quiet, tuple((path, self._state(path)) for path in sorted(look.asked)))

    def _is_aside(self, note: Note) -> bool:
        """Whether whatever may be wrong with the prompt alone doesn't count now, or is known."""
        one, changed, concerns = note.quiet, self._notes.changed, self._notes.concerns
        if changed is not None:
            return one.path not in changed and not any(path in changed for path, _ in note.seen)
        if concerns is not None:
            return one.wrong.is_within and not concerns(one.paths)
        return self._notes.tells and one.wrong.told is not None

    def _state(self, path: str) -> str:
        """The name of the content at `path`; empty where no file lies there."""
        found = self._ids.get(path)
        if found is None:
            one = [path] if path in self._files else []
            found = content_ids(self._tree, one, limit=self._limits.template_bytes).get(path, "")
            self._ids[path] = found
        return found

    def _name(self, path: str, content: str, *, is_sound: bool) -> str:
        digest = self._named.copy()
        digest.update(f"\0{path}\0{content}\0{is_sound}".encode("utf-8", "surrogateescape"))
        return digest.hexdigest()
