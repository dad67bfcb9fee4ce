"""An entry: one manifest plus the templates it reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from promptreg.model.agent import Agent
from promptreg.model.data import Json
from promptreg.model.digest import entry_digest
from promptreg.model.prompt import Prompt, Source


@dataclass(frozen=True, slots=True)
class Entry:
    """A prompt or an agent as one tree holds it."""

    path: str
    """The manifest's path, relative to the registry's root."""
    manifest: Prompt | Agent
    data: dict[str, Json]
    """The manifest as data, no defaults filled in."""
    templates: Mapping[str, str]
    """Path in the registry to text, for the whole closure."""
    resolved: Mapping[str, str]
    """`template:` as the manifest writes it to the path that it means."""

    @property
    def name(self) -> str:
        """Unique across prompts and agents."""
        return self.manifest.name

    @property
    def kind(self) -> str:
        """`Prompt` or `Agent`."""
        return type(self.manifest).__name__

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file it consists of, the manifest first."""
        return (self.path, *sorted(self.templates))

    def direct_templates(self) -> set[str]:
        """The templates that the manifest itself names."""
        return set(self.resolved.values())

    def source_text(self, source: Source) -> str:
        """The template text behind a source, as written; empty where its file is missing."""
        if source.inline is not None:
            return source.inline
        return self.templates.get(self.resolved.get(source.file or "", ""), "")

    def digest(self) -> str:
        """What its release would promise; computed at every call."""
        return entry_digest(self.data, self.templates)
