"""The quick way to plain values: for documents that there is nothing to say about."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from promptreg.model.data import Json
from promptreg.store.codepoints import check_text
from promptreg.store.yaml_build import MOST_DEPTH
from promptreg.store.yaml_events import BrokenYamlError, read_events
from promptreg.store.yaml_scalars import MAYBE_SPECIAL, NotJsonError, resolve

_SHORT = 24
"""Characters; longer ones that start like a number or a word of YAML are hardly ever the same."""

# What the innermost open collection waits for, where it isn't the value of a key.
_ITEM, _KEY = object(), object()


def build_plain(text: str) -> Json:
    """What `yaml_build.build` makes of `text`, where it finds no problem; else None.

    None, too, for documents with anchors or aliases, which have to be weighed.
    """
    try:
        return _build(text)
    except (BrokenYamlError, _NotPlainError, NotJsonError):
        return None


class _NotPlainError(Exception):
    """There may be something to say about the document."""


def _build(text: str) -> Json:  # noqa: C901, PLR0912, PLR0915 - one loop, as calls cost more than its steps
    from yaml import events  # noqa: PLC0415 - heavy; a warm run reads no YAML

    scalar, mapping = events.ScalarEvent, events.MappingStartEvent
    starts = (mapping, events.SequenceStartEvent)
    ends = (events.MappingEndEvent, events.SequenceEndEvent)
    root: list[Json] = []
    top: Any = root
    key: Any = _ITEM
    stack: list[tuple[Any, Any]] = []
    for event in read_events(text):
        kind = event.__class__
        if kind is scalar:
            value = event.value
            style = event.style
            if not style:
                if value[:1] in MAYBE_SPECIAL:
                    value = _resolved(value) if len(value) <= _SHORT else resolve(value)
                elif value == "<<":
                    raise _NotPlainError
            elif style == '"' and not (value.isascii() and value.isprintable()):
                _check(value)
        elif kind in ends:
            top, key = stack.pop()
            continue
        elif kind not in starts:
            _check_frame(event, root)
            continue
        else:
            value = {} if kind is mapping else []
        if event.anchor is not None or event.tag is not None:
            raise _NotPlainError
        if key is _KEY:
            if value.__class__ is not str or value in top:
                raise _NotPlainError
            key = value
            continue
        if key is _ITEM:
            top.append(value)
        else:
            top[key] = value
            key = _KEY
        if kind is not scalar:
            if len(stack) >= MOST_DEPTH:
                raise _NotPlainError
            stack.append((top, key))
            top, key = value, _KEY if kind is mapping else _ITEM
    return root[0] if root else None


_resolved = lru_cache(maxsize=4096)(resolve)


def _check(value: str) -> None:
    if check_text(value):
        raise _NotPlainError


def _check_frame(event: Any, root: list[Json]) -> None:
    """Refuse aliases, directives and a second document; of other events there is nothing to say."""
    from yaml import events  # noqa: PLC0415 - as above

    is_start = isinstance(event, events.DocumentStartEvent)
    if isinstance(event, events.AliasEvent) or (is_start and (root or event.version or event.tags)):
        raise _NotPlainError
