"""Rule `replacement-cycle`."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.context import Context
from promptreg.checks.example import PROMPT, Bad, Good
from promptreg.checks.rule import Rule, on
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding, Severity
from promptreg.registry.quiet_note import Quiet
from promptreg.registry.snapshot import Snapshot


class ReplacementCycle(Rule):
    """An entry is replaced by itself, directly or by way of others.

    Why: whoever follows `replaced_by:` never arrives.
    Fix: name the entry that is to be used in the end.
    """

    id = "replacement-cycle"
    severity = Severity.ERROR
    since = "0.1"
    examples = (
        Good("replaced_by: helper", agent="description: Helps."),
        Bad("replaced_by: greeting", at=f"{PROMPT}:replaced_by"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for entry in context.snapshot.outlines():
            yield from self._from(entry, context.snapshot)

    def _from(self, entry: Entry | Quiet, snapshot: Snapshot) -> Iterator[Finding]:
        chain = [entry.name]
        while (at := snapshot.outline_of(chain[-1])) is not None and at.manifest.replaced_by:
            chain.append(at.manifest.replaced_by)
            if chain[-1] == entry.name:
                way = " -> ".join(f"`{name}`" for name in chain)
                yield self.finding(
                    f"`{entry.name}` is replaced by itself: {way}",
                    on(entry, "replaced_by"),
                    entry=entry.name,
                    key="replaced_by",
                    fix="name the entry to use in the end",
                )
            if chain[-1] in chain[:-1]:
                return
