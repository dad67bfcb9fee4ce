"""What a change means for one entry: facts, verdicts, who is hit, and the bump it needs."""

from __future__ import annotations

from dataclasses import dataclass

from promptreg.checks.change_rule import Impact
from promptreg.checks.hits import Hit
from promptreg.checks.verdicts import Verdict, required_bump
from promptreg.model.declaration import Declaration
from promptreg.model.version import Bump
from promptreg.releases.comparison import EntryComparison


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

    @property
    def breaks(self) -> bool:
        """Whether callers have to change with it."""
        return any(verdict.impact is Impact.BREAKING for verdict in self.verdicts)
