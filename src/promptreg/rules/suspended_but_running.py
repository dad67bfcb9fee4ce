"""Rule `suspended-but-running`."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.context import Context
from promptreg.checks.example import DIGEST, ENVIRONMENT, Bad, Good, production
from promptreg.checks.rule import Rule
from promptreg.model.environment import parse_environment
from promptreg.model.finding import Finding, Location, Severity

_RUNS = production("greeting", "1.0.0")[ENVIRONMENT]
_SUSPENDED = f"suspended:\n  %s: {{version: 1.0.0, digest: '{DIGEST}', reason: It leaks.}}\n"


class SuspendedButRunning(Rule):
    """An environment says of an entry both that it runs and that it is suspended.

    Why: nobody can tell which is meant, so promptreg serves nothing from such an environment.
    Fix: keep one of the two lines.
    """

    id = "suspended-but-running"
    severity = Severity.ERROR
    since = "0.1"
    is_fixed = True
    examples = (
        Good(files={ENVIRONMENT: _RUNS + _SUSPENDED % "parting"}),
        Bad(
            files={ENVIRONMENT: _RUNS + _SUSPENDED % "greeting"},
            at=f"{ENVIRONMENT}:suspended.greeting",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for document in context.documents("Environment"):
            environment = parse_environment(document.data)
            for name in environment.torn:
                yield self.finding(
                    f"`{name}` both runs in `{environment.name}` and is suspended there",
                    Location(document.path, ("suspended", name)),
                    entry=name,
                    key=name,
                    fix="keep its line under `releases:` or the one under `suspended:`",
                    related=(Location(document.path, ("releases", name), note="here it runs"),),
                )
