"""An audit as lines of JSON, each chained to the one before it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, cast

from promptreg.model.audit import Audit, Event
from promptreg.model.canonical import canonical_digest
from promptreg.model.data import Json

SCHEMA = "promptreg/audit-log/v1"


def chained(audit: Audit, now: str) -> Iterator[dict[str, Json]]:
    """The lines: a header, an event each, and a footer that says how many there are.

    `previous` is the digest of the line before it; the header is the chain's root. `now` is when the
    export is made, and all that differs between two exports of the same history.
    """
    line = header(audit, now)
    yield line
    count = 0
    for count, event in enumerate(audit.events, 1):
        line = {
            "type": "event",
            "seq": count,
            "previous": canonical_digest(line),
            **event_json(event),
        }
        yield line
    previous = canonical_digest(line)
    yield {"type": "footer", "seq": count + 1, "previous": previous, "events": count}


def header(audit: Audit, now: str) -> dict[str, Json]:
    """The first line."""
    return {
        "type": "header",
        "schema": SCHEMA,
        "registry": audit.registry,
        "now": now,
        "branches": [_plain(one) for one in audit.branches],
        "filters": _plain(audit.filters),
    }


def event_json(event: Event) -> dict[str, Json]:
    """An event as plain data."""
    return cast("dict[str, Json]", _plain(event))


def _plain(value: Any) -> Json:
    if dataclasses.is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return cast("Json", value)
