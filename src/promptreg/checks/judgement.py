"""What a change means for one entry: facts, verdicts, who is hit, and the bump it needs."""

from __future__ import annotations

from dataclasses import dataclass

from promptreg.checks.verdicts import Verdict, required_bump
from promptreg.model.declaration import Declaration
from promptreg.model.version import Bump
from promptreg.releases.comparison import EntryComparison


@dataclass(frozen=True, slots=True)
class Hit:
    """Who uses an entry: an agent, and the environments where it runs; empty for the entry itself."""

    agent: str
    environments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """One changed entry."""

    comparison: EntryComparison
    verdicts: tuple[Verdict, ...]
    hits: tuple[Hit, ...]
    declaration: Declaration | None

    @property
    def name(self) -> str:
        """The entry's name, in the head where it is there."""
        return self.comparison.name

    @property
    def bump(self) -> Bump:
        """The least bump that its next release needs."""
        return required_bump(self.verdicts)
