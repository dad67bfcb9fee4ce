"""What rules see: values, and nothing that reads or writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from promptreg.checks.judging import Judge
from promptreg.model.agent import Agent
from promptreg.model.entry import Entry
from promptreg.model.prompt import Prompt
from promptreg.model.version import Version
from promptreg.registry.snapshot import Document, Snapshot

Released: TypeAlias = Mapping[str, Mapping[Version, str]]
"""The digests of all releases, by entry and version."""


@dataclass(frozen=True, slots=True)
class Context:
    """A registry at one point, and the facts about the world that rules may need."""

    snapshot: Snapshot
    today: date
    judge: Judge
    released: Released | None = None
    """None where the release tags aren't known; rules about them then say nothing."""

    def prompts(self) -> Iterator[tuple[Entry, Prompt]]:
        """Every prompt, by name."""
        for entry in self.snapshot.entries.values():
            if isinstance(entry.manifest, Prompt):
                yield entry, entry.manifest

    def agents(self) -> Iterator[tuple[Entry, Agent]]:
        """Every agent, by name."""
        for entry in self.snapshot.entries.values():
            if isinstance(entry.manifest, Agent):
                yield entry, entry.manifest

    def documents(self, kind: str) -> Iterator[Document]:
        """Every document of a kind that fits its schema, by path."""
        for path in sorted(self.snapshot.documents):
            document = self.snapshot.documents[path]
            if document.kind == kind:
                yield document
