"""Everything that was loaded from one tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from promptreg.model.configuration import Configuration
from promptreg.model.data import Json, Route
from promptreg.model.entry import Entry
from promptreg.model.environment import Environment
from promptreg.model.finding import Finding
from promptreg.templates.closure import Closure
from promptreg.templates.problem import TemplateProblem

if TYPE_CHECKING:
    from promptreg.registry.quiet_note import Quiet


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML document that fits its schema."""

    path: str
    kind: str
    data: dict[str, Json]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A registry at one point, immutable."""

    label: str
    """The tree it was loaded from, as people call it."""
    configuration: Configuration
    entries: Mapping[str, Entry]
    """By name, sorted. A name that two manifests carry is in `duplicates` instead."""
    environments: Mapping[str, Environment]
    documents: Mapping[str, Document]
    """Every document that fits its schema, by path."""
    closures: Mapping[str, Mapping[Route, Closure]]
    """By entry name: what the template at each route reaches and uses."""
    unresolved: Mapping[str, Mapping[Route, TemplateProblem]]
    """By entry name: what is wrong with a `template:` that leads nowhere."""
    unreached: Mapping[str, Closure]
    """By path: what those of its templates use that no entry reaches."""
    texts: Mapping[str, str]
    """The text of every document and template that could be read, by path."""
    files: Set[str]
    """Every path of the tree."""
    expected_names: Mapping[str, str]
    """The name that its path says, by path of every manifest, broken ones included."""
    duplicates: Mapping[str, tuple[str, ...]]
    """Paths of the manifests that share a name."""
    quiet: Mapping[str, Quiet] = field(default_factory=dict)
    """By name: prompts that needn't be judged.

    An earlier run, which saw the very same, found nothing wrong with them; or another tree is
    judged that has them, too, and only what differs counts. Whatever else is held of them here is
    read when it is asked for.
    """

    def loud_entries(self) -> Iterator[Entry]:
        """The entries that aren't quiet, by name: all that something can be found about."""
        if not self.quiet:
            return iter(self.entries.values())
        return (self.entries[name] for name in self.entries if name not in self.quiet)

    def loud_documents(self) -> Iterator[Document]:
        """The documents but those of quiet prompts, by path."""
        quiet = {one.path for one in self.quiet.values()}
        return (self.documents[path] for path in sorted(self.documents) if path not in quiet)

    def outlines(self) -> Iterator[Entry | Quiet]:
        """Each entry, or what is known of it without reading it."""
        return chain(self.loud_entries(), self.quiet.values())

    def outline_of(self, name: str) -> Entry | Quiet | None:
        """The same of the entry `name`; None where there is none."""
        return self.quiet.get(name) or self.entries.get(name)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A snapshot, and what was wrong with the files that it was made from."""

    snapshot: Snapshot
    findings: tuple[Finding, ...]
