"""Whether an exported audit holds: its chain by itself, and its events against the repository."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import islice
from typing import BinaryIO

from promptreg.errors import InputError
from promptreg.model.audit import KINDS, Branch, Event, Filters, Flaw
from promptreg.model.canonical import canonical_digest
from promptreg.model.data import Json
from promptreg.ops.audit.course import ENVIRONMENTS, REGISTRY
from promptreg.ops.audit.export import SCHEMA, event_json
from promptreg.store.git.wire import is_oid
from promptreg.store.json_input import read_json

MOST_LINE = 1024 * 1024
"""Bytes of a line."""
MOST_BYTES = 256 * MOST_LINE
_MOST_FLAWS = 10_000
_IDENTITY = ("kind", "commit", "tag", "name", "environment", "key", "path")
_OWN = frozenset({"type", "seq", "previous"})


@dataclass(frozen=True, slots=True)
class Header:
    """What the first line says."""

    registry: str
    now: str
    branches: tuple[Branch, ...]
    filters: Filters


@dataclass(frozen=True, slots=True)
class Export:
    """A file as it was read; the lines of events come with their numbers, as they stand there."""

    header: Header | None
    events: tuple[tuple[int, bytes], ...]
    lines: int
    tags: frozenset[str]
    """Those that its events name."""
    last: str
    """The hash of the last line that could be read."""
    flaws: tuple[Flaw, ...]


def read_export(file: BinaryIO, where: str) -> Export:
    """Read an export line by line and follow its chain.

    Raises InputError where the file or a line is larger than in any export.
    """
    reader = _Reader()
    number = size = 0
    while line := file.readline(MOST_LINE + 1):
        number, size = number + 1, size + len(line)
        if len(line) > MOST_LINE:
            what = f"line {number} has more than {MOST_LINE:,} bytes"
            raise InputError(what, where=where, hint="no line of an audit is so long")
        if size > MOST_BYTES:
            hint = "`--since` and `--until` make exports of a part"
            raise InputError(f"the file has more than {MOST_BYTES:,} bytes", where=where, hint=hint)
        reader.take(number, line)
    reader.end(number)
    tags = frozenset(reader.tags)
    flaws = tuple(reader.flaws)
    return Export(reader.header, tuple(reader.events), number, tags, reader.last, flaws)


def compared(export: Export, expected: Sequence[Event]) -> tuple[Flaw, ...]:
    """Where the file's events and those of the repository, up to the header's commits, differ."""
    known = {identity(one): (at, event_json(one)) for at, one in enumerate(expected)}
    flaws: list[Flaw] = []
    lines: dict[int, int] = {}
    highest = -1
    for number, line in export.events:
        if len(flaws) > _MOST_FLAWS:
            break
        # It was read strictly before; its value wasn't kept, since most are as they should be.
        event = {key: value for key, value in json.loads(line).items() if key not in _OWN}
        found = known.get(tuple(str(event.get(key)) for key in _IDENTITY))
        if found is None:
            message = f"the repository doesn't tell of this {_told(event)}"
            flaws.append(Flaw(number, "unknown-event", message))
            continue
        at, wanted = found
        if at in lines:
            message = f"it tells again of the {_told(event)} of line {lines[at]}"
            flaws.append(Flaw(number, "unknown-event", message))
            continue
        lines[at] = number
        if at < highest:
            message = f"this {_told(event)} came before what stands above it"
            flaws.append(Flaw(number, "wrong-order", message))
        highest = max(highest, at)
        flaws += _differing(number, event, wanted)
    return (*flaws, *islice(_missing(expected, lines), _MOST_FLAWS))


def identity(event: Event) -> tuple[str, ...]:
    """What tells one event of a registry from every other."""
    return tuple(str(getattr(event, key)) for key in _IDENTITY)


class _Reader:
    """Follows the chain of a file's lines."""

    def __init__(self) -> None:
        self.header: Header | None = None
        self.events: list[tuple[int, bytes]] = []
        self.tags: set[str] = set()
        self.flaws: list[Flaw] = []
        self.last = ""
        self._seq = 0
        self._ended = 0

    def take(self, number: int, line: bytes) -> None:
        """The next line."""
        try:
            value = read_json(f"line {number}", line, most_bytes=MOST_LINE)
        except InputError as problem:
            self._flaw(number, "unreadable-line", problem.what)
            self.last, self._seq = "", self._seq + 1
            return
        if not isinstance(value, dict):
            self._flaw(number, "unreadable-line", "it is no JSON object")
            self.last, self._seq = "", self._seq + 1
            return
        if not line.endswith(b"\n"):
            self._flaw(number, "truncated", "the line has no end")
        if self._ended:
            self._flaw(number, "wrong-order", f"it comes after the footer of line {self._ended}")
        if number == 1:
            self._head(value)
        else:
            self._next(number, value, line)
        self.last = canonical_digest(value)

    def end(self, lines: int) -> None:
        """After the last line."""
        if not lines:
            self._flaw(1, "truncated", "the file is empty")
        elif not self._ended:
            what = "the file ends without its footer: lines behind this one are missing"
            self._flaw(lines, "truncated", what)

    def _head(self, value: dict[str, Json]) -> None:
        self.header = _header(value)
        if self.header is None:
            what = f"it is no header of an audit (`{SCHEMA}`)"
            self._flaw(1, "wrong-header", what)

    def _next(self, number: int, value: dict[str, Json], line: bytes) -> None:
        self._follow(number, value)
        kind = value.get("type")
        if kind == "event":
            self.events.append((number, line))
            self.tags.add(str(value.get("tag")))
        elif kind == "footer":
            self._ended = number
            self._footer(number, value)
        else:
            self._flaw(number, "unreadable-line", "it is neither an event nor the footer")

    def _follow(self, number: int, value: dict[str, Json]) -> None:
        expected, said = self._seq + 1, value.get("seq")
        if isinstance(said, bool) or not isinstance(said, int) or said < 1:
            self._flaw(number, "wrong-order", f"its `seq` isn't {expected}")
            said = expected
        elif said > expected:
            gone = f"{expected} to {said - 1} are" if said - 1 > expected else f"{expected} is"
            self._flaw(number, "broken-chain", f"before this line {gone} missing (by `seq`)")
        elif said < expected:
            self._flaw(number, "wrong-order", f"its `seq` is {said}, and {expected} comes next")
        elif self.last and value.get("previous") != self.last:
            what = f"line {number - 1} isn't what this line was chained to: one of them was edited"
            self._flaw(number, "broken-chain", what)
        self._seq = said

    def _footer(self, number: int, value: dict[str, Json]) -> None:
        if set(value) != _OWN | {"events"}:
            self._flaw(number, "unreadable-line", "it is no footer of an audit")
        elif type(value["events"]) is not int or value["events"] != len(self.events):
            what = f"it doesn't count the {len(self.events)} events that stand above it"
            self._flaw(number, "truncated", what)

    def _flaw(self, line: int, problem: str, message: str) -> None:
        if len(self.flaws) < _MOST_FLAWS:
            self.flaws.append(Flaw(line, problem, message))


def _header(value: dict[str, Json]) -> Header | None:
    """The header, or None where it isn't one that an export writes."""
    keys = {"type", "schema", "registry", "now", "branches", "filters"}
    if set(value) != keys or (value["type"], value["schema"]) != ("header", SCHEMA):
        return None
    branches, filters = _branches(value["branches"]), _filters(value["filters"])
    registry, now = value["registry"], value["now"]
    if branches is None or filters is None:
        return None
    if not isinstance(registry, str) or not isinstance(now, str) or not _is_moment(now):
        return None
    return Header(registry, now, branches, filters)


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _branches(value: Json) -> tuple[Branch, ...] | None:
    found = []
    for one in value if isinstance(value, list) else ():
        texts = _texts(one, ("role", "branch", "commit"))
        if texts is None or not is_oid(texts[2]):
            return None
        found.append(Branch(*texts))
    roles = [one.role for one in found]
    return tuple(found) if roles in ([REGISTRY], [REGISTRY, ENVIRONMENTS]) else None


def _filters(value: Json) -> Filters | None:
    if not isinstance(value, dict) or value.keys() != {one.name for one in fields(Filters)}:
        return None
    texts = _texts({key: value[key] for key in ("environment", "since", "until")})
    names, kinds = _words(value["names"]), _words(value["kinds"])
    if texts is None or names is None or kinds is None or not set(kinds) <= set(KINDS):
        return None
    if not all(one == "" or is_oid(one) or _is_moment(one) for one in texts[1:]):
        return None
    return Filters(names, texts[0], kinds, texts[1], texts[2])


def _words(value: Json) -> tuple[str, ...] | None:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        return None
    return tuple(map(str, value))


def _texts(value: Json, keys: tuple[str, ...] = ()) -> tuple[str, ...] | None:
    if not isinstance(value, dict) or (keys and tuple(sorted(value)) != tuple(sorted(keys))):
        return None
    found = [value[key] for key in keys or value]
    return tuple(map(str, found)) if all(isinstance(one, str) for one in found) else None


def _told(event: dict[str, Json]) -> str:
    """`promotion of support/triage (0.1.0 -> 0.2.0)`, for a sentence."""
    name = event.get("name") or event.get("key") or event.get("path") or ""
    kind = event.get("kind")
    known = kind if isinstance(kind, str) and kind in KINDS else "event"
    at = str(event.get("commit") or "")[:12]
    return f"{known} of `{str(name)[:200]}`" + (f" in commit {at}" if is_oid(at + "0" * 28) else "")


def _differing(number: int, event: dict[str, Json], wanted: dict[str, Json]) -> Iterator[Flaw]:
    for key in sorted(wanted):
        if key not in event or event[key] != wanted[key]:
            yield Flaw(number, "changed-event", f"`{key}` isn't what the repository says")
    more = event.keys() - wanted.keys()
    if more:
        what = f"it has keys that no event has, such as `{min(more)[:60]}`"
        yield Flaw(number, "changed-event", what)


def _missing(expected: Sequence[Event], lines: dict[int, int]) -> Iterator[Flaw]:
    line = 1
    for at, event in enumerate(expected):
        line = lines.get(at, line)
        if at not in lines:
            message = f"after this line the {_told(event_json(event))} is missing"
            yield Flaw(line, "missing-event", message)
