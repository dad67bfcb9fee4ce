"""Rule `unknown-environment-entry`."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.context import Context
from promptreg.checks.environment_pins import environment_pins
from promptreg.checks.example import ENVIRONMENT, Bad, Good, production
from promptreg.checks.rule import Rule
from promptreg.model.finding import Finding, Severity


class UnknownEnvironmentEntry(Rule):
    """An environment runs an entry that is not in the registry any more.

    Why: its release still runs and can be rolled back, but nobody can change it here.
    Fix: nothing, if the entry was removed on purpose.
    """

    id = "unknown-environment-entry"
    severity = Severity.INFO
    since = "0.1"
    tells_absence = True
    examples = (
        Good(files=production("greeting", "1.0.0")),
        Bad(files=production("salutation", "1.0.0"), at=f"{ENVIRONMENT}:releases.salutation"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        snapshot = context.snapshot
        known = snapshot.entries.keys() | snapshot.duplicates.keys()
        known |= set(snapshot.expected_names.values())
        for line in environment_pins(context):
            if line.section == "releases" and line.name not in known:
                yield self.finding(
                    f"`{line.name}` runs in `{line.environment}` but is not in the registry",
                    line.at(),
                    entry=line.name,
                    key=line.name,
                )
