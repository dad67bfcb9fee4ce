"""What the texts of a registry say: found out now, or known of the very same text before.

A fact hangs on a text's bytes and on the program alone, never on where the text lies or on what
else there is, so that an edit can't make it wrong.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from typing import Any, TypeAlias

from promptreg.model.data import Json
from promptreg.registry.documents import Parsed, parse_document
from promptreg.store.schema_words import Violation
from promptreg.templates.analysis import Analysis, analyse
from promptreg.templates.stored_analysis import analysis_from_data, analysis_to_data

Judge: TypeAlias = Callable[[Json, Json], tuple[Violation, ...]]
_MARKS = ("{{", "{%", "{#")
_FITS = "fits"
_NEVER_KEPT = 1_000_000
"""Bytes; a document of more is read anew."""


class Facts:
    """What texts say, found out each time."""

    def analysis(self, text: str) -> Analysis:
        """What a template's text says about itself."""
        return analyse(text)

    def parsed(self, path: str, content: bytes, kind: str) -> Parsed:
        """The document in `content`, which should be of `kind`."""
        return parse_document(path, content, kind)

    def violations(self, schema: Json, value: Json, judge: Judge) -> tuple[Violation, ...]:
        """Where `value` doesn't fit, as `judge` says."""
        return judge(schema, value)


class KeptFacts(Facts):
    """Facts that were kept, and those that are new; only of texts that nothing is wrong with.

    `read` gives what was kept, by name, and is asked once, when a fact is wanted first. Values may
    be shared by all who ask for the same text: they are immutable.
    """

    def __init__(self, read: Callable[[], Mapping[str, bytes]]) -> None:
        self._read: Callable[[], Mapping[str, bytes]] = cache(read)
        self._analyses: dict[str, Analysis] = {}
        self._documents: dict[str, Parsed] = {}
        self.used: set[str] = set()
        """The names of all that was asked for and is kept."""
        self.news: dict[str, Analysis | Parsed | None] = {}
        """What wasn't kept and could be."""

    def analysis(self, text: str) -> Analysis:
        """What a template's text says about itself."""
        found = self._analyses.get(text)
        if found is None:
            found = self._analyses[text] = self._analysis(text)
        return found

    def parsed(self, path: str, content: bytes, kind: str) -> Parsed:
        """The document in `content`, which should be of `kind`."""
        name = _name(kind, content)
        found = self._documents.get(name)
        if found is None:
            found = self._parsed(name, path, content, kind)
            if not _is_clean(found):  # its findings name the path
                return found
            self._documents[name] = found
        return found

    def violations(self, schema: Json, value: Json, judge: Judge) -> tuple[Violation, ...]:
        """Where `value` doesn't fit, as `judge` says; that one fits is kept."""
        name = _name("verdict", json.dumps([schema, value]).encode("ascii"))
        if name in self.news:
            return ()
        if self._data(name) == _FITS:
            self.used.add(name)
            return ()
        found = judge(schema, value)
        if not found:
            self.news[name] = None
        return found

    def read_no_more(self) -> None:
        """From now on use what was asked for until now, and find out everything else anew."""
        self._read = dict

    def _analysis(self, text: str) -> Analysis:
        if not any(mark in text for mark in _MARKS):
            return analyse(text)
        name = _name("template", text.encode("utf-8", "surrogatepass"))
        data = self._data(name)
        if data is not None:
            try:
                found = analysis_from_data(data)
            except (TypeError, ValueError):
                pass  # not what we write: as if it weren't there
            else:
                self.used.add(name)
                return found
        found = analyse(text)
        if not found.problems:
            self.news[name] = found
        return found

    def _parsed(self, name: str, path: str, content: bytes, kind: str) -> Parsed:
        data = self._data(name)
        if isinstance(data, dict):
            with contextlib.suppress(UnicodeDecodeError):
                known = Parsed(content.decode("utf-8"), data, ())
                self.used.add(name)
                return known
        found = parse_document(path, content, kind)
        if _is_clean(found) and len(content) <= _NEVER_KEPT:
            self.news[name] = found
        return found

    def _data(self, name: str) -> Any:
        line = self._read().get(name)
        try:
            return None if line is None else json.loads(line)
        except (ValueError, RecursionError):
            return None


def line_of(fact: Analysis | Parsed | None) -> bytes:
    """A fact to keep, without line breaks; None is that a value fits."""
    data: Any = _FITS
    if fact is not None:
        data = fact.data if isinstance(fact, Parsed) else analysis_to_data(fact)
    return json.dumps(data, separators=(",", ":")).encode("ascii")


def _is_clean(parsed: Parsed) -> bool:
    return parsed.data is not None and not parsed.findings


def _name(kind: str, content: bytes) -> str:
    digest = sha256(kind.encode("ascii") + b"\0")
    digest.update(content)
    return digest.hexdigest()
