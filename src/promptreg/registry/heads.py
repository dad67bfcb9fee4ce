"""What a manifest says of its entry in short: read now, or known of the very same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass
from functools import cache
from hashlib import sha256

from promptreg.model.agent import parse_agent
from promptreg.model.prompt import parse_prompt
from promptreg.registry.documents import parse_document


@dataclass(frozen=True, slots=True)
class Head:
    """The short form of a manifest that fits its schema."""

    name: str
    kind: str
    """`prompt` or `agent`."""
    lifecycle: str
    risk: str
    owner: str
    description: str
    labels: tuple[tuple[str, str], ...]


def read_head(path: str, content: bytes, kind: str) -> Head | None:
    """The head of a manifest, or None where it can't be read."""
    data = parse_document(path, content, kind).data
    if data is None:
        return None
    one = parse_prompt(data) if kind == "Prompt" else parse_agent(data)
    return Head(
        name=one.name,
        kind=kind.lower(),
        lifecycle=one.lifecycle.value,
        risk=one.risk,
        owner=one.owner,
        description=one.description,
        labels=one.labels,
    )


class KnownHeads:
    """Heads that were kept, and those that are new; broken manifests are read each time.

    `read` gives what was kept, by name, and is asked once, when a head is wanted first. A head
    hangs on the manifest's bytes, its kind and the program alone.
    """

    def __init__(self, read: Callable[[], Mapping[str, bytes]]) -> None:
        self._read: Callable[[], Mapping[str, bytes]] = cache(read)
        self.used: set[str] = set()
        """The names of all that was asked for and is kept."""
        self.news: dict[str, bytes] = {}
        """What wasn't kept, by name."""

    def head(self, path: str, content: bytes, kind: str) -> Head | None:
        """What `read_head` says."""
        name = sha256(f"head of {kind}\0".encode("ascii") + content).hexdigest()
        line = self._read().get(name)
        known = None if line is None else _head(line)
        if known is not None:
            self.used.add(name)
            return known
        found = read_head(path, content, kind)
        if found is not None:
            self.news[name] = json.dumps(astuple(found), separators=(",", ":")).encode("ascii")
        return found


def _head(line: bytes) -> Head | None:
    try:
        name, kind, lifecycle, risk, owner, description, pairs = json.loads(line)
        labels = tuple((key, value) for key, value in pairs)
    except (TypeError, ValueError, RecursionError):
        return None  # not what we write: as if it weren't there
    words = (
        name,
        kind,
        lifecycle,
        risk,
        owner,
        description,
        *(one for two in labels for one in two),
    )
    if not all(isinstance(one, str) for one in words):
        return None
    return Head(name, kind, lifecycle, risk, owner, description, labels)
