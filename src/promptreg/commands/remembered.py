"""A report that an earlier run of the same made, while all that it came from is still the same."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Sequence
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
    either untouched, by all that the file system tells, or holds the same bytes.
    """
    cache = Cache(question.repository.common_dir)
    known = _Known(question, cache)
    report = known.report()
    return known.made(judge) if report is None else report


class _Known:
    """One question and what the cache knows of it; used once."""

    def __init__(self, question: Question, cache: Cache) -> None:
        self._question = question
        self._tree = question.tree
        self._cache = cache
        self._name = _digest((type(self._tree).__name__, *_place_of(self._tree)))
        self._key = json.dumps([program_id(), os.geteuid(), *question.words])

    def report(self) -> Report | None:
        """The report that was kept, where it still holds."""
        kept = self._cache.get(self._name)
        try:
            if kept is None or kept["key"] != self._key or not self._same_releases(kept):
                return None
            report = report_from_data(kept["report"])
            if isinstance(self._tree, WorkTree) and not self._same_files(self._tree, kept):
                return None
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            return None  # not what we write: as if there were none
        return report

    def made(self, judge: Callable[[Tree], Fresh]) -> Report:
        """A new report, kept for the next run where that is possible."""
        tree = self._tree
        if not isinstance(tree, WorkTree):
            fresh = judge(tree)
            self._keep(fresh, {})
            return fresh.report
        clock = self._cache.clock()
        if clock is None:
            return judge(tree).report
        paths = tree.paths()
        # Before anything is read: a file that changes meanwhile is seen to have changed.
        before = marks(tree.root, paths, before=clock)
        places = folders_of(paths)
        folders = _digest(folder_marks(tree.root, places))
        watched = WatchedTree(tree)
        fresh = judge(watched)
        if watched.is_steady:
            looked = {"places": "\0".join(places), "folders": folders, "marks": "\n".join(before)}
            self._keep(fresh, {**looked, **_files(paths, watched)})
        return fresh.report

    def _keep(self, fresh: Fresh, files: dict[str, Any]) -> None:
        if not fresh.is_repeatable:
            return
        report = report_to_data(fresh.report)
        value = {"key": self._key, "releases": fresh.releases, "report": report, **files}
        self._cache.put(self._name, value)

    def _same_releases(self, kept: dict[str, Any]) -> bool:
        said = kept["releases"]
        return not said or said == releases_id(self._question.repository)

    def _same_files(self, tree: WorkTree, kept: dict[str, Any]) -> bool:
        paths = kept["files"].split("\0")
        # Both take long; git lists what there is now while we look at what there was.
        listing = Thread(target=_list, args=(tree,))
        listing.start()
        try:
            clock = self._cache.clock()
            now = marks(tree.root, paths, before=clock)
            folders = _digest(folder_marks(tree.root, kept["places"].split("\0")))
        finally:
            listing.join()
        if list(tree.paths()) != paths:
            return False
        moved = set(_moved(paths, now, folders, kept))
        if not moved and not kept["unlisted"]:
            return True
        if not _same_contents(tree, kept, moved | set(kept["unlisted"])):
            return False
        if not moved:
            return True
        if clock is not None:  # touched, or too new when it was kept: ask less the next time
            self._cache.put(self._name, {**kept, "marks": "\n".join(now), "folders": folders})
        return True


def _list(tree: Tree) -> None:
    with contextlib.suppress(PromptregError):  # who asks again gets the error
        tree.paths()


def _place_of(tree: Tree) -> tuple[str, ...]:
    """Which tree it is, whatever it holds."""
    if isinstance(tree, RevisionTree):
        return tree.commit, tree.prefix
    return (str(tree.root),) if isinstance(tree, WorkTree) else ()


def _moved(
    paths: Sequence[str], now: list[str], folders: str, kept: dict[str, Any]
) -> Sequence[str]:
    """The paths whose mark is another one, or proves nothing."""
    before = kept["marks"].split("\n")
    if len(before) != len(paths) or kept["folders"] != folders:
        return paths
    if before == now and all(now):
        return ()
    return [
        path for path, old, new in zip(paths, before, now, strict=True) if old != new or not new
    ]


def _same_contents(tree: WorkTree, kept: dict[str, Any], paths: set[str]) -> bool:
    """Whether those of `paths` that were read would be read the same."""
    by_limit: dict[int, dict[str, str]] = {}
    rows = zip(kept["read"].split("\0"), kept["limits"], kept["contents"], strict=True)
    for path, limit, content in rows:
        if path in paths:
            by_limit.setdefault(limit, {})[path] = content
    return all(
        content_id(content) == wanted[path]
        for limit, wanted in by_limit.items()
        for path, content in tree.read_many(sorted(wanted), limit=limit)
    )


def _files(paths: Sequence[str], watched: WatchedTree) -> dict[str, Any]:
    read = watched.read_of
    return {
        "files": "\0".join(paths),
        # Read although no listing has it, so that no mark tells of it: an ignored promptreg.yaml.
        "unlisted": sorted({path for path, _ in read}.difference(paths)),
        "read": "\0".join(path for path, _ in read),
        "limits": [limit for _, limit in read],
        "contents": list(read.values()),
    }


def _digest(lines: Sequence[str]) -> str:
    return sha256("\0".join(lines).encode("utf-8", "surrogateescape")).hexdigest()
