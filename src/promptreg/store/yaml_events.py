"""YAML as a stream of events: libyaml where PyYAML was built with it, else PyYAML's own parser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from promptreg.model.finding import Place
from promptreg.store.yaml_words import Words, words_for


class BrokenYamlError(Exception):
    """The text is no YAML from `place` on."""

    def __init__(self, words: Words, place: Place) -> None:
        super().__init__(words.message)
        self.words = words
        self.place = place


def read_events(text: str) -> Iterator[Any]:
    """The events of `text` up to its end; raises nothing but BrokenYamlError.

    Nothing is constructed, so tags run nothing; libyaml keeps its own stack, so depth costs no
    recursion.
    """
    import yaml  # noqa: PLC0415 - heavy; a warm run reads no YAML

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    # A generator, as what its consumer raises doesn't pass through here.
    try:
        get = loader(text).get_event
        while (event := get()) is not None:
            yield event
    except (yaml.YAMLError, *_LEAKS) as error:
        raise _broken(text, error) from None


# What PyYAML lets through beside its own errors, on text that is no YAML.
_LEAKS = (ValueError, LookupError, AttributeError, TypeError, OverflowError)


def _broken(text: str, error: Exception) -> BrokenYamlError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
    opened = getattr(error, "context_mark", None)
    start = Place(opened.line + 1, opened.column + 1) if opened else place
    at = text[mark.index : mark.index + 2] if mark else ""
    problem = str(getattr(error, "problem", None) or "")
    context = str(getattr(error, "context", None) or "")
    return BrokenYamlError(words_for(problem, context, at, start.line), place)
