"""Rule `sunset-passed`."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.context import Context
from promptreg.checks.example import PROMPT, Bad, Good
from promptreg.checks.rule import Rule, on
from promptreg.model.finding import Finding, Severity
from promptreg.model.prompt import Lifecycle


class SunsetPassed(Rule):
    """The day on which an entry was to end is over, and the entry is not retired.

    Why: either somebody forgot to retire it, or callers were told a wrong date.
    Fix: write `lifecycle: retired`, or a later date.
    """

    id = "sunset-passed"
    severity = Severity.ERROR
    since = "0.1"
    examples = (
        Good("lifecycle: retired\nsunset: 2020-01-31"),
        Bad("lifecycle: deprecated\nsunset: 2020-01-31", at=f"{PROMPT}:sunset"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        today = context.today.isoformat()
        for entry in context.snapshot.outlines():
            manifest = entry.manifest
            # Dates of one form are in the order of their texts, the year 0000 included.
            is_over = bool(manifest.sunset) and manifest.sunset < today
            if is_over and manifest.lifecycle is not Lifecycle.RETIRED:
                yield self.finding(
                    f"`{entry.name}` was to end on {manifest.sunset}",
                    on(entry, "sunset"),
                    entry=entry.name,
                    fix="write `lifecycle: retired` or a later date",
                    related=(on(entry, "lifecycle", note="its lifecycle"),),
                )
