"""Rule `sunset-without-deprecation`."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.context import Context
from promptreg.checks.example import PROMPT, Bad, Good
from promptreg.checks.rule import EntryRule, on
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding, Severity
from promptreg.model.prompt import Lifecycle

_ENDING = (Lifecycle.DEPRECATED, Lifecycle.RETIRED)


class SunsetWithoutDeprecation(EntryRule):
    """An entry has a day on which it ends, but is not deprecated.

    Why: callers look at the lifecycle; nobody warns them.
    Fix: write `lifecycle: deprecated`, or remove `sunset:`.
    """

    id = "sunset-without-deprecation"
    severity = Severity.WARNING
    since = "0.1"
    examples = (
        Good("lifecycle: deprecated\nsunset: 9999-12-31"),
        Bad("lifecycle: active\nsunset: 9999-12-31", at=f"{PROMPT}:sunset"),
    )

    def check_entry(self, entry: Entry, context: Context) -> Iterator[Finding]:
        del context
        if entry.manifest.sunset and entry.manifest.lifecycle not in _ENDING:
            yield self.finding(
                f"`{entry.name}` has a sunset but is {entry.manifest.lifecycle.value}",
                on(entry, "sunset"),
                fix="write `lifecycle: deprecated` or remove `sunset:`",
                related=(on(entry, "lifecycle", note="its lifecycle"),),
            )
