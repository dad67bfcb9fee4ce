"""Rule `replacement-cycle`."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.context import Context
from promptreg.checks.example import PROMPT, Bad, Good
from promptreg.checks.rule import EntryRule, on
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding, Severity


class ReplacementCycle(EntryRule):
    """An entry is replaced by itself, directly or by way of others.

    Why: whoever follows `replaced_by:` never arrives.
    Fix: name the entry that is to be used in the end.
    """

    id = "replacement-cycle"
    severity = Severity.ERROR
    since = "0.1"
    sees_one_entry = False  # but all that it leads to
    examples = (
        Good("replaced_by: helper", agent="description: Helps."),
        Bad("replaced_by: greeting", at=f"{PROMPT}:replaced_by"),
    )

    def check_entry(self, entry: Entry, context: Context) -> Iterator[Finding]:
        entries = context.snapshot.entries
        chain = [entry.name]
        while (at := entries.get(chain[-1])) is not None and at.manifest.replaced_by:
            chain.append(at.manifest.replaced_by)
            if chain[-1] == entry.name:
                way = " -> ".join(f"`{name}`" for name in chain)
                yield self.finding(
                    f"`{entry.name}` is replaced by itself: {way}",
                    on(entry, "replaced_by"),
                    key="replaced_by",
                    fix="name the entry to use in the end",
                )
            if chain[-1] in chain[:-1]:
                return
