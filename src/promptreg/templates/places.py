"""Where something stands in a template: Jinja's nodes know their line, not their column."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import islice

from promptreg.model.finding import Place

_NEWLINE = re.compile(r"\r\n|\r|\n")  # as Jinja counts lines
# Each alternative also ends at the end of the text, so that no start is tried twice.
_TAG = re.compile(
    r"\{%[-+]?\s*raw\s*[-+]?%\}.*?(?:\{%[-+]?\s*endraw\s*[-+]?%\}|\Z)"
    r"|\{#.*?(?:#\}|\Z)|(?P<tag>\{\{.*?(?:\}\}|\Z)|\{%.*?(?:%\}|\Z))",
    re.DOTALL,
)
_WORD = re.compile(r"[^\W\d]\w*")
_OTHER_BEFORE = ".'\""
_KEYWORD = re.compile(r"\s*=(?!=)")


def is_one_tag(text: str) -> bool:
    """Whether `text` is one tag as `Places` sees it, and ends with it wherever it stands."""
    match = _TAG.match(text)
    return match is not None and match.end() == len(text) and text.endswith(("}}", "%}", "#}"))


class Places:
    """Finds columns in one source text. Reads each line at most once, when it is asked about."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._starts: list[int] = []
        self._tags: list[tuple[int, int]] = []
        self._texts: dict[tuple[int, str], int] = {}
        self._last: tuple[int, list[tuple[int, int]]] = (0, [])
        self._lines: dict[int, tuple[dict[str, list[int]], dict[str, list[int]]]] = {}

    def of(self, line: int, word: str = "", *, skip: int = 0) -> Place:
        """The place of `word` inside a tag on `line`; without it, of the line's first tag.

        `skip` passes over that many earlier ones, as far as there are so many. Column 1 where
        nothing is found. A name after a dot or a quote, or of an argument, counts only where there
        is no other.
        """
        if not self._starts:
            self._scan()
        line = max(1, min(line, len(self._starts)))
        found = self._found(line, word)
        if not found:
            return Place(line, 1)
        return Place(line, found[min(skip, len(found) - 1)] - self._starts[line - 1] + 1)

    def _found(self, line: int, word: str) -> list[int]:
        if word and line in self._lines and _WORD.fullmatch(word):
            return self._known(line, word)
        spans = self._spans(line)
        if not word:
            return [low for low, _ in spans[:1]]
        if not _WORD.fullmatch(word):
            return [self._text(line, word, spans)]
        self._lines[line] = self._words(spans)
        return self._known(line, word)

    def _text(self, line: int, word: str, spans: list[tuple[int, int]]) -> int:
        """Where `word`, which may hold anything, first stands in a tag; else where the line begins."""
        if not spans:
            return self._starts[line - 1]
        key = (line, word)
        if key not in self._texts:
            self._texts[key] = self._first(word, spans, self._starts[line - 1])
        return self._texts[key]

    def _first(self, word: str, spans: list[tuple[int, int]], otherwise: int) -> int:
        # The whole line is searched at once: it may have ten thousand tags.
        begin, end = spans[0][0], spans[-1][1]
        while (hit := self._source.find(word, begin, end)) >= 0:
            tag = spans[bisect_right(spans, (hit, len(self._source))) - 1]
            if hit + len(word) <= tag[1]:
                return hit
            begin = hit + 1
        return otherwise

    def _known(self, line: int, word: str) -> list[int]:
        names, others = self._lines[line]
        return names.get(word) or others.get(word, [])

    def _words(
        self, spans: list[tuple[int, int]]
    ) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
        """Where each word stands: the names, and what only looks like one."""
        names: dict[str, list[int]] = {}
        others: dict[str, list[int]] = {}
        for low, high in spans:
            for match in _WORD.finditer(self._source, low, high):
                begin = match.start()
                other = begin > 0 and self._source[begin - 1] in _OTHER_BEFORE
                other = other or _KEYWORD.match(self._source, match.end()) is not None
                (others if other else names).setdefault(match[0], []).append(begin)
        return names, others

    def _scan(self) -> None:
        self._starts = [0, *(match.end() for match in _NEWLINE.finditer(self._source))]
        self._tags = [
            match.span("tag") for match in _TAG.finditer(self._source) if match["tag"] is not None
        ]

    def _spans(self, line: int) -> list[tuple[int, int]]:
        """The parts of a line that lie in tags."""
        if self._last[0] != line:
            self._last = (line, self._spans_of(line))
        return self._last[1]

    def _spans_of(self, line: int) -> list[tuple[int, int]]:
        begin = self._starts[line - 1]
        end = self._starts[line] if line < len(self._starts) else len(self._source)
        index = max(0, bisect_right(self._tags, (begin, -1)) - 1)
        found = []
        for low, high in islice(self._tags, index, None):
            if low >= end:
                break
            if high > begin:
                found.append((max(low, begin), min(high, end)))
        return found
