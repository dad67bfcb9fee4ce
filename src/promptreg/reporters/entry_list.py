"""The answer of `list`, as a table."""

from __future__ import annotations

from dataclasses import dataclass

from promptreg.model.version import Version
from promptreg.releases.deployed import RunsIn
from promptreg.reporters.lines import Cell, Line, Span, columns
from promptreg.reporters.printable import printable

_HEADER = ("NAME", "KIND", "LIFECYCLE", "RISK", "OWNER", "LATEST", "ENVIRONMENTS")
_LIFECYCLES = {"draft": "dim", "deprecated": "warning", "retired": "removed"}
_RISKS = {"high": "bold"}
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """A prompt or an agent, and how far it has got."""

    name: str
    kind: str
    """`prompt` or `agent`."""
    lifecycle: str
    risk: str
    owner: str
    description: str
    labels: dict[str, str]
    path: str
    latest: Version | None
    """The highest release that is no pre-release, else the highest of all."""
    environments: tuple[RunsIn, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """The entries of a tree, sorted by name."""

    tree: str
    """What they were read from: `working tree` or a commit."""
    entries: tuple[ListedEntry, ...]
    broken: tuple[str, ...]
    """Paths of manifests that can't be read, or that share their name with another."""
    notes: tuple[str, ...]
    """Why releases or environments may be missing from the answer."""


def list_lines(listing: Listing) -> list[Line]:
    """A line for each entry below a header; nothing where there are no entries."""
    if not listing.entries:
        return []
    return columns(_HEADER, [_row(entry) for entry in listing.entries])


def broken_note(paths: tuple[str, ...]) -> str:
    """What to tell of manifests that aren't in the list, on one line."""
    named = ", ".join(printable(path, most=100) for path in paths[:_SHOWN])
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    count = "1 manifest is" if len(paths) == 1 else f"{len(paths)} manifests are"
    return f"{count} broken and not listed: {named}{more}; `promptreg validate` tells why"


def _row(entry: ListedEntry) -> list[Cell]:
    running = " ".join(f"{one.environment}={one.version}" for one in entry.environments)
    return [
        Span(entry.name, "name"),
        entry.kind,
        Span(entry.lifecycle, _LIFECYCLES.get(entry.lifecycle, "")),
        Span(entry.risk, _RISKS.get(entry.risk, "")),
        printable(entry.owner),
        str(entry.latest) if entry.latest else "-",
        running or "-",
    ]
