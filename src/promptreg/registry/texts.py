"""Template texts of one tree: read once, each problem told once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Set
from functools import cached_property

from promptreg.model.finding import Finding
from promptreg.registry.documents import unreadable
from promptreg.store import text
from promptreg.store.files import FileProblem
from promptreg.store.trees import Tree

ENDINGS = (".j2", ".jinja", ".jinja2")
"""Endings of files that are read ahead; `.md` and `.txt` are read when a manifest names them."""


class TemplateTexts:
    """Path to text; a file that is missing or broken has none.

    `own` are the folders whose templates are judged; those elsewhere may be another tool's, and
    count only where something reaches them.
    """

    def __init__(self, tree: Tree, files: Set[str], limit: int, own: Iterable[str] = ()) -> None:
        self._tree = tree
        self._own = tuple(folder + "/" for folder in own if folder != ".")
        self._reached: set[str] = set()
        self.files = files
        self._limit = limit
        self._texts: dict[str, str | None] = {}
        self.known: dict[str, str] = {}
        """Every text that was read."""
        self._findings: list[Finding] = []

    def prefetch(self, paths: Iterable[str]) -> None:
        """Read many templates with few calls."""
        wanted = [path for path in paths if path.endswith(ENDINGS) and path not in self._texts]
        for path, content in self._tree.read_many(wanted, limit=self._limit):
            self._take(path, content)

    def exists(self, path: str) -> bool:
        """Whether the tree has a file at `path`."""
        return path in self.files

    def below(self, folder: str) -> list[str]:
        """The paths of all files in a folder and in those that lie in it; empty for the root."""
        if not folder:
            return self._sorted
        first = bisect_left(self._sorted, folder + "/")
        return self._sorted[
            first : bisect_left(self._sorted, folder + "0", lo=first)
        ]  # 0 follows /

    def get(self, path: str) -> str | None:
        """The text at `path`, or None where there is none to use."""
        self._reached.add(path)
        if path not in self._texts:
            if path not in self.files:
                return None
            for one, content in self._tree.read_many([path], limit=self._limit):
                self._take(one, content)
        return self._texts.get(path)

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.files)

    def findings(self) -> tuple[Finding, ...]:
        """What was wrong with the files."""
        return tuple(one for one in self._findings if self._is_judged(one.at.path))

    def own(self) -> list[str]:
        """The paths of the texts in the own folders."""
        return [path for path in self.known if path.startswith(self._own)]

    def judged(self) -> dict[str, str]:
        """The texts that count: those that something reaches, and those in the own folders."""
        return {path: text for path, text in self.known.items() if self._is_judged(path)}

    def _is_judged(self, path: str) -> bool:
        return path in self._reached or path.startswith(self._own)

    def _take(self, path: str, content: bytes | FileProblem) -> None:
        self._texts[path] = None
        if isinstance(content, FileProblem):
            self._findings.append(unreadable(path, content))
            return
        decoded, findings = text.decode(path, content)
        self._findings += findings
        self._texts[path] = decoded
        if decoded is not None:
            self.known[path] = decoded


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

    def below(self, folder: str) -> list[str]:
        """The paths of all files in a folder and in those that lie in it; empty for the root."""
        return self._of.below(folder)

    def get(self, path: str) -> str | None:
        """The text at `path`, or None where there is none to use."""
        self.asked.add(path)
        return self._of.get(path)
