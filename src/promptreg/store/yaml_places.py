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
    walk = _Walk()
    with suppress(BrokenYamlError):
        walk.run(text)
    return MappingProxyType(walk.marks)


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
    mark = places(text).get(route)
    if mark is None or mark.scalar is None:
        return locate(text, route)
    return position_inside(text, mark.scalar, inside) or mark.place


def _nearest(text: str, route: Route) -> Mark | None:
    marks = places(text)
    for end in range(len(route), -1, -1):
        mark = marks.get(route[:end])
        if mark is not None:
            return mark
    return None


class _Walk:
    """Events to marks. A frame holds the route of a collection and its next index, or None."""

    def __init__(self) -> None:
        self.marks: dict[Route, Mark] = {}
        self.frames: list[tuple[Route, int | None]] = []
        self.key: tuple[str | int, Place] | None = None

    def run(self, text: str) -> None:
        from yaml import events  # noqa: PLC0415 - heavy; a warm run reads no YAML

        for event in read_events(text):
            if isinstance(event, events.NodeEvent):
                self.node(event)
                if isinstance(event, events.MappingStartEvent):
                    self.frames.append((self.route, None))
                elif isinstance(event, events.SequenceStartEvent):
                    self.frames.append((self.route, 0))
            elif isinstance(event, events.CollectionEndEvent):
                self.frames.pop()
                self.key = None
            elif isinstance(event, events.DocumentEndEvent):
                return

    def node(self, event: Any) -> None:
        place = Place(event.start_mark.line + 1, event.start_mark.column + 1)
        value = getattr(event, "value", None)
        if not self.frames:
            self.route: Route = ()
            self.marks[()] = Mark(place, None, _scalar(event))
            return
        above, index = self.frames[-1]
        if index is not None:
            self.route = (*above, index)
            self.frames[-1] = (above, index + 1)
            self.marks.setdefault(self.route, Mark(place, None, _scalar(event)))
        elif self.key is None:
            self.key = ("" if value is None else value, place)
            self.route = (*above, self.key[0])
        else:
            name, key = self.key
            self.key = None
            self.route = (*above, name)
            self.marks.setdefault(self.route, Mark(place, key, _scalar(event)))


def _scalar(event: Any) -> Scalar | None:
    value = getattr(event, "value", None)
    if value is None:
        return None
    return Scalar(value, event.style or "", event.start_mark.index, event.end_mark.index)
