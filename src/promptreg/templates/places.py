"""Where something stands in a template: Jinja's nodes know their line, not their column."""

from __future__ import annotations

import re
from bisect import bisect_right

from promptreg.model.finding import Place

_NEWLINE = re.compile(r"\r\n|\r|\n")  # as Jinja counts lines
_TAG = re.compile(
    r"\{%[-+]?\s*raw\s*[-+]?%\}.*?\{%[-+]?\s*endraw\s*[-+]?%\}"
    r"|\{#.*?(?:#\}|\Z)|(?P<tag>\{\{.*?(?:\}\}|\Z)|\{%.*?(?:%\}|\Z))",
    re.DOTALL,
)


class Places:
    """Finds columns in one source text. Scans it once, on the first question."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._starts: list[int] = []
        self._tags: list[tuple[int, int]] = []

    def of(self, line: int, word: str = "", *, skip: int = 0) -> Place:
        """The place of `word` inside a tag on `line`; without it, of the line's first tag.

        `skip` passes over that many earlier ones, as far as there are so many. Column 1 where
        nothing is found. A name after a dot or a quote counts only where there is no other.
        """
        if not self._starts:
            self._scan()
        line = max(1, min(line, len(self._starts)))
        begin = self._starts[line - 1]
        end = self._starts[line] if line < len(self._starts) else len(self._source)
        spans = [(max(low, begin), min(high, end)) for low, high in self._tags_between(begin, end)]
        for pattern in (_word(word), re.compile(re.escape(word))):
            found = [
                match.start() for span in spans for match in pattern.finditer(self._source, *span)
            ]
            if found:
                return Place(line, found[min(skip, len(found) - 1)] - begin + 1)
        return Place(line, 1)

    def _scan(self) -> None:
        self._starts = [0, *(match.end() for match in _NEWLINE.finditer(self._source))]
        self._tags = [
            match.span("tag") for match in _TAG.finditer(self._source) if match["tag"] is not None
        ]

    def _tags_between(self, begin: int, end: int) -> list[tuple[int, int]]:
        index = max(0, bisect_right(self._tags, (begin, -1)) - 1)
        found = []
        for low, high in self._tags[index:]:
            if low >= end:
                break
            if high > begin:
                found.append((low, high))
        return found


def _word(word: str) -> re.Pattern[str]:
    if word.isidentifier():
        return re.compile(
            rf"(?<![\w.'\"]){re.escape(word)}\b(?!\s*=[^=])|(?<=\|){re.escape(word)}\b"
        )
    return re.compile(re.escape(word))
