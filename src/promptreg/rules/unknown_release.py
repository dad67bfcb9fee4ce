"""Rule `unknown-release`."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.context import Context
from promptreg.checks.environment_pins import environment_pins
from promptreg.checks.example import DIGEST, ENVIRONMENT, Bad, Good, production
from promptreg.checks.rule import Rule
from promptreg.model.finding import Finding, Severity
from promptreg.model.names import nearest


class UnknownRelease(Rule):
    """An environment names a release whose tag isn't there.

    Why: what runs can't be read, verified or rolled back to.
    Fix: `git fetch --tags` gets tags that are missing here only; else promote a release that exists.
    """

    id = "unknown-release"
    severity = Severity.ERROR
    since = "0.1"
    tells_absence = True
    examples = (
        Good(files=production("greeting", "1.0.0"), released={"greeting": {"1.0.0": DIGEST}}),
        Bad(
            files=production("greeting", "1.0.1"),
            released={"greeting": {"1.0.0": DIGEST}},
            at=f"{ENVIRONMENT}:releases.greeting.version",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        if context.released is None:
            return
        for line in environment_pins(context):
            versions = context.released.get(line.name, {})
            wanted = str(line.pin.version)
            if line.pin.version not in versions:
                near = ", ".join(nearest(wanted, [str(version) for version in versions]))
                yield self.finding(
                    f"`{line.name}` has no release {wanted}",
                    line.at("version"),
                    entry=line.name,
                    key=wanted,
                    fix=f"there is {near}" if near else "`git fetch --tags` gets missing tags",
                )
