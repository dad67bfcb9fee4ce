"""Rule `retired-but-used`."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.context import Context
from promptreg.checks.example import AGENT, Bad, Good
from promptreg.checks.references import replacement_advice, uses_of
from promptreg.checks.rule import Rule, on
from promptreg.model.finding import Finding, Severity
from promptreg.model.prompt import Lifecycle


class RetiredButUsed(Rule):
    """An agent or an experiment uses an entry that is retired.

    Why: nobody answers for a retired entry any more.
    Fix: use what replaces it, or bring it back to `lifecycle: active`.
    """

    id = "retired-but-used"
    severity = Severity.ERROR
    since = "0.1"
    examples = (
        Good("lifecycle: active", agent="prompts: {hello: greeting}"),
        Good("lifecycle: retired", agent="prompts: {hello: greeting}\nlifecycle: retired"),
        Bad("lifecycle: retired", agent="prompts: {hello: greeting}", at=f"{AGENT}:prompts.hello"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for mention, target in uses_of(context, Lifecycle.RETIRED):
            if mention.user is None or mention.user.manifest.lifecycle is not Lifecycle.RETIRED:
                yield self.finding(
                    f"`{target.name}` is retired",
                    mention.at,
                    entry=mention.entry,
                    key=target.name,
                    fix=replacement_advice(target),
                    related=(on(target, "lifecycle", note="retired here"),),
                )
