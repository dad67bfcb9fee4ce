"""Where the values of a YAML document stand: a second walk, made only when a place is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from promptreg.model.data import Route
from promptreg.model.finding import Place
from promptreg.store.yaml_align import Scalar, position_inside
from promptreg.store.yaml_events import BrokenYamlError, read_events

_START = Place(1, 1)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a value stands, and its key if it has one; `scalar` for text and numbers."""

    place: Place
    key: Place | None = None
    scalar: Scalar | None = None


@lru_cache(maxsize=4)
def places(text: str) -> Mapping[Route, Mark]:
    """Each route of the document with its place; as far as it can be read, where it is broken.

    Of a duplicate key the first counts. What an alias repeats has no place of its own.
    """
    return MappingProxyType({route: _mark(*found) for route, found in _walked(text).items()})


def locate(text: str, route: Route) -> Place:
    """Where a reader looks for `route`: a scalar itself, the key of a collection.

    Falls back to the nearest ancestor that exists, at last to the start of the document.
    """
    mark = _nearest(text, route)
    if mark is None:
        return _START
    return mark.place if mark.scalar or mark.key is None else mark.key


def key_place(text: str, route: Route) -> Place:
    """The place of the key at `route`, or of the item or the nearest ancestor."""
    mark = _nearest(text, route)
    if mark is None:
        return _START
    return mark.key or mark.place


def locate_inside(text: str, route: Route, inside: Place) -> Place:
    """The place in the document of the position `inside` the text value at `route`.

    Folding, indentation and escapes are undone; falls back to the start of the value.
    """
    found = _walked(text).get(route)
    mark = None if found is None else _mark(*found)
    if mark is None or mark.scalar is None:
        return locate(text, route)
    return position_inside(text, mark.scalar, inside) or mark.place


def _nearest(text: str, route: Route) -> Mark | None:
    found = _walked(text)
    for end in range(len(route), -1, -1):
        if route[:end] in found:
            return _mark(*found[route[:end]])
    return None


def _mark(event: Any, key: Any) -> Mark:
    return Mark(_place(event), None if key is None else _place(key), _scalar(event))


def _place(event: Any) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


def _scalar(event: Any) -> Scalar | None:
    value = getattr(event, "value", None)
    if value is None:
        return None
    return Scalar(value, event.style or "", event.start_mark.index, event.end_mark.index)


@lru_cache(maxsize=4)
def _walked(text: str) -> Mapping[Route, tuple[Any, Any]]:
    """The event of each route, and the one of its key if it has one."""
    found: dict[Route, tuple[Any, Any]] = {}
    with suppress(BrokenYamlError):
        _walk(text, found)
    return found


def _walk(text: str, found: dict[Route, tuple[Any, Any]]) -> None:
    from yaml import events  # noqa: PLC0415 - heavy; a warm run reads no YAML

    scalar, sequence = events.ScalarEvent, events.SequenceStartEvent
    starts = (events.MappingStartEvent, sequence)
    ends = (events.MappingEndEvent, events.SequenceEndEvent)
    above: Route | None = None  # the route of the innermost open collection
    index: int | None = None  # its next item; None in a mapping
    key: Any = None  # the key that waits for its value
    frames: list[tuple[Route | None, int | None]] = []
    for event in read_events(text):
        kind = event.__class__
        if kind in ends:
            above, index = frames.pop()
            key = None
            continue
        if kind is events.DocumentEndEvent:
            return
        if kind is not scalar and kind not in starts and kind is not events.AliasEvent:
            continue
        if above is None:
            route: Route = ()
            found[()] = event, None
        elif index is not None:
            route = (*above, index)
            index += 1
            found.setdefault(route, (event, None))
        elif key is None:
            key = event
            route = (*above, _name(event)) if kind is not scalar else ()
        else:
            route = (*above, _name(key))
            found.setdefault(route, (event, key))
            key = None
        if kind in starts:
            frames.append((above, index))
            above, index = route, 0 if kind is sequence else None


def _name(key: Any) -> str:
    """The text of a key; empty for an alias or a collection."""
    return getattr(key, "value", None) or ""
