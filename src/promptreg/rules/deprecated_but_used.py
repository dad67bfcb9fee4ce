"""Rule `deprecated-but-used`."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.context import Context
from promptreg.checks.example import AGENT, Bad, Good
from promptreg.checks.references import replacement_advice, uses_of
from promptreg.checks.rule import Rule, on
from promptreg.model.finding import Finding, Severity
from promptreg.model.prompt import Lifecycle

_ENDING = (Lifecycle.DEPRECATED, Lifecycle.RETIRED)


class DeprecatedButUsed(Rule):
    """An agent or an experiment uses an entry that is deprecated.

    Why: the entry will end, and whoever uses it has to move before.
    Fix: use what replaces it.
    """

    id = "deprecated-but-used"
    severity = Severity.WARNING
    since = "0.1"
    examples = (
        Good("lifecycle: deprecated", agent="prompts: {hello: greeting}\nlifecycle: deprecated"),
        Bad(
            "lifecycle: deprecated",
            agent="prompts: {hello: greeting}",
            at=f"{AGENT}:prompts.hello",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for mention, target in uses_of(context, Lifecycle.DEPRECATED):
            if mention.user is None or mention.user.manifest.lifecycle not in _ENDING:
                until = f" and ends on {target.manifest.sunset}" if target.manifest.sunset else ""
                yield self.finding(
                    f"`{target.name}` is deprecated{until}",
                    mention.at,
                    entry=mention.entry,
                    key=target.name,
                    fix=replacement_advice(target),
                    related=(on(target, "lifecycle", note="deprecated here"),),
                )
