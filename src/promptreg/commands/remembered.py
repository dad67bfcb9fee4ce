"""A report that an earlier run of the same made, while all that it came from is still the same."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from threading import Thread
from typing import Any

from promptreg.checks.report import Report
from promptreg.checks.stored_report import report_from_data, report_to_data
from promptreg.errors import PromptregError
from promptreg.releases.known import releases_id
from promptreg.store.cache import Cache
from promptreg.store.git.repository import Repository
from promptreg.store.program_files import program_id
from promptreg.store.stat_marks import folder_marks, folders_of, marks
from promptreg.store.trees import RevisionTree, Tree, WorkTree
from promptreg.store.watched import WatchedTree, content_id


@dataclass(frozen=True, slots=True)
class Fresh:
    """A report that was made now.

    `releases` names the release tags as they were before they had a say (see `releases_id`), and is
    empty where they had none. `is_repeatable`: whether another run is
    sure to say the same; what a busy machine had a say in is not.
    """

    report: Report
    releases: str
    is_repeatable: bool


@dataclass(frozen=True, slots=True)
class Question:
    """What is judged: `tree`, of `repository`; `words` are whatever else the answer hangs on."""

    repository: Repository
    tree: Tree
    words: tuple[str, ...]


def remembered(question: Question, judge: Callable[[Tree], Fresh]) -> Report:
    """The report that `judge` makes of the tree, or made of the very same one before.

    A working tree is the same where the same files are listed and each file that was read is
    either untouched, by all that the file system tells, or holds the same bytes. Where it isn't,
    `judge` gets a tree that knows which files are.
    """
    known = _Known(question, Cache(question.repository.common_dir))
    report = known.report()
    return known.made(judge) if report is None else report


def judged_anew(question: Question, judge: Callable[[Tree], Fresh]) -> Report:
    """The report that `judge` makes, which gets a tree that knows which files are untouched.

    The report isn't kept, only what was read of the files.
    """
    known = _Known(question, Cache(question.repository.common_dir))
    return known.made(judge, keep_report=False)


@dataclass(frozen=True, slots=True)
class _Look:
    """How the files of a working tree lie there, before any is read. `clock`: see `marks`."""

    clock: int | None
    paths: tuple[str, ...]
    marks: list[str]
    places: list[str]
    folders: list[str]

    @classmethod
    def at(cls, tree: WorkTree, paths: Iterable[str], clock: int | None) -> _Look:
        """A look at `paths` and at the folders that they lie in."""
        listed = tuple(paths)
        found = marks(tree.root, listed, before=clock)
        places = folders_of(listed)
        return cls(clock, listed, found, places, folder_marks(tree.root, places))


class _Known:
    """One question and what the cache knows of it; used once."""

    def __init__(self, question: Question, cache: Cache) -> None:
        self._question = question
        self._tree = question.tree
        self._cache = cache
        self._name = _digest((type(self._tree).__name__, *_place_of(self._tree)))
        self._program = json.dumps([program_id(), os.geteuid()])
        self._key = json.dumps(question.words)
        self._kept = cache.get(self._name) or {}
        if self._kept.get("program") != self._program:
            self._kept = {}
        self._look: _Look | None = None

    def report(self) -> Report | None:
        """The report that was kept, where it still holds."""
        kept = self._kept
        try:
            if kept.get("key") != self._key or not self._same_releases(kept):
                return None
            report = report_from_data(kept["report"])
            if isinstance(self._tree, WorkTree) and not self._same_files(self._tree, kept):
                return None
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            return None  # not what we write: as if there were none
        return report

    def made(self, judge: Callable[[Tree], Fresh], *, keep_report: bool = True) -> Report:
        """A new report, kept for the next run where that is possible."""
        tree = self._tree
        if not isinstance(tree, WorkTree):
            fresh = judge(tree)
            if keep_report and fresh.is_repeatable:
                self._keep(self._told(fresh))
            return fresh.report
        look = self._looked(tree)
        if look.clock is None:
            return judge(tree).report
        watched = WatchedTree(tree, self._format, self._unmoved(look))
        fresh = judge(watched)
        if watched.is_steady and (keep_report or watched.has_news):
            told = self._told(fresh) if keep_report and fresh.is_repeatable else {}
            self._keep({**told, **_files(look, watched)})
        return fresh.report

    @property
    def _format(self) -> str:
        return self._question.repository.object_format

    def _told(self, fresh: Fresh) -> dict[str, Any]:
        report = report_to_data(fresh.report)
        return {"key": self._key, "releases": fresh.releases, "report": report}

    def _keep(self, value: dict[str, Any]) -> None:
        self._cache.put(self._name, {"program": self._program, **value})

    def _same_releases(self, kept: dict[str, Any]) -> bool:
        said = kept["releases"]
        return not said or said == releases_id(self._question.repository)

    def _looked(self, tree: WorkTree) -> _Look:
        """A look at all files as they are listed now, before anything of them counted."""
        paths = tree.paths()
        if self._look is None or self._look.paths != paths:
            self._look = _Look.at(tree, paths, self._cache.clock())
        return self._look

    def _unmoved(self, look: _Look) -> dict[tuple[str, int], str]:
        """What was read of files that are sure not to have changed since."""
        kept = self._kept
        try:
            folders = _pairs(kept["places"].split("\0"), kept["folders"].split("\n"))
            now = _pairs(look.places, look.folders)
            if any(mark != now.get(place, mark) for place, mark in folders.items()):
                return {}
            before = _pairs(kept["files"].split("\0"), kept["marks"].split("\n"))
            here = _pairs(look.paths, look.marks)
            return {
                (path, limit): content
                for path, limit, content in _read_of(kept)
                if here.get(path) and before.get(path) == here[path] and _is_file(content)
            }
        except (AttributeError, KeyError, TypeError, ValueError):
            return {}  # not what we write

    def _same_files(self, tree: WorkTree, kept: dict[str, Any]) -> bool:
        paths = kept["files"].split("\0")
        # Both take long; git lists what there is now while we look at what there was.
        listing = Thread(target=_list, args=(tree,))
        listing.start()
        try:
            self._look = look = _Look.at(tree, paths, self._cache.clock())
        finally:
            listing.join()
        if tree.paths() != look.paths:
            return False
        moved = set(_moved(look, kept))
        if not moved and not kept["unlisted"]:
            return True
        if not self._same_contents(tree, moved | set(kept["unlisted"])):
            return False
        if not moved:
            return True
        if look.clock is not None:  # touched, or too new when it was kept: ask less the next time
            self._keep({**kept, "marks": "\n".join(look.marks), "folders": "\n".join(look.folders)})
        return True

    def _same_contents(self, tree: WorkTree, paths: set[str]) -> bool:
        """Whether those of `paths` that were read would be read the same."""
        by_limit: dict[int, dict[str, str]] = {}
        for path, limit, content in _read_of(self._kept):
            if path in paths:
                by_limit.setdefault(limit, {})[path] = content
        return all(
            content_id(content, self._format) == wanted[path]
            for limit, wanted in by_limit.items()
            for path, content in tree.read_many(sorted(wanted), limit=limit)
        )


def _list(tree: WorkTree) -> None:
    with contextlib.suppress(PromptregError):  # who asks again gets the error
        tree.paths()


def _place_of(tree: Tree) -> tuple[str, ...]:
    """Which tree it is, whatever it holds."""
    if isinstance(tree, RevisionTree):
        return tree.commit, tree.prefix
    return (str(tree.root),) if isinstance(tree, WorkTree) else ()


def _moved(look: _Look, kept: dict[str, Any]) -> Sequence[str]:
    """The paths whose mark is another one, or proves nothing."""
    before = kept["marks"].split("\n")
    if len(before) != len(look.paths) or kept["folders"].split("\n") != look.folders:
        return look.paths
    if before == look.marks and all(look.marks):
        return ()
    pairs = zip(look.paths, before, look.marks, strict=True)
    return [path for path, old, new in pairs if old != new or not new]


def _read_of(kept: dict[str, Any]) -> Iterator[tuple[str, int, str]]:
    """Path, limit and content of each file that was read."""
    return zip(kept["read"].split("\0"), kept["limits"], kept["contents"], strict=True)


def _pairs(names: Iterable[str], marks_of: Iterable[str]) -> dict[str, str]:
    return dict(zip(names, marks_of, strict=True))


def _is_file(content: object) -> bool:
    """Whether it names bytes, and no problem, which another try may not meet."""
    return isinstance(content, str) and not content.startswith("!")


def _files(look: _Look, watched: WatchedTree) -> dict[str, Any]:
    read = watched.read_of
    return {
        "places": "\0".join(look.places),
        "folders": "\n".join(look.folders),
        "marks": "\n".join(look.marks),
        "files": "\0".join(look.paths),
        # Read although no listing has it, so that no mark tells of it: an ignored promptreg.yaml.
        "unlisted": sorted({path for path, _ in read}.difference(look.paths)),
        "read": "\0".join(path for path, _ in read),
        "limits": [limit for _, limit in read],
        "contents": list(read.values()),
    }


def _digest(lines: Sequence[str]) -> str:
    return sha256("\0".join(lines).encode("utf-8", "surrogateescape")).hexdigest()
