"""Rule `missing-description`."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.context import Context
from promptreg.checks.example import PROMPT, Bad, Good
from promptreg.checks.rule import EntryRule, on
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding, Severity


class MissingDescription(EntryRule):
    """A prompt or an agent has no description.

    Why: the description is what `list`, `show` and the catalog say about it.
    Fix: say in a sentence what it is for.
    """

    id = "missing-description"
    severity = Severity.WARNING
    since = "0.1"
    examples = (
        Good("description: Greets a customer by name."),
        Bad(at=f"{PROMPT}:name"),
    )

    def check_entry(self, entry: Entry, context: Context) -> Iterator[Finding]:
        del context
        if not entry.manifest.description.strip():
            route = "description" if "description" in entry.data else "name"
            yield self.finding(
                f"`{entry.name}` has no description",
                on(entry, route),
                fix="add `description:` with a sentence that says what it is for",
            )
