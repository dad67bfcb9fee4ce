"""Rule `unused-input`."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.context import Context
from promptreg.checks.example import PROMPT, Bad, Good
from promptreg.checks.rule import PromptRule, on
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding, Severity
from promptreg.model.prompt import Prompt


class UnusedInput(PromptRule):
    """An input is declared, but no template of any locale uses it.

    Why: callers work to supply it, and believe that it has an effect.
    Fix: use it in a template, or remove it from `inputs:` (which is a breaking change for callers).
    """

    id = "unused-input"
    severity = Severity.WARNING
    since = "0.1"
    examples = (
        Good(
            "messages: [{role: user, content: 'Hello {{ who }}'}]\n"
            "inputs: {who: {type: string, description: Whom to greet.}}"
        ),
        Bad(
            "messages: [{role: user, content: Hello}]\n"
            "inputs: {who: {type: string, description: Whom to greet.}}",
            at=f"{PROMPT}:inputs.who",
        ),
    )

    def check_prompt(self, entry: Entry, prompt: Prompt, context: Context) -> Iterator[Finding]:
        closures = context.snapshot.closures[entry.name]
        is_known = not context.snapshot.unresolved[entry.name] and not any(
            closure.problems for closure in closures.values()
        )
        used = {name for closure in closures.values() for name in closure.names}
        for one in prompt.inputs:
            if is_known and one.name not in used:
                yield self.finding(
                    f"the input `{one.name}` is never used",
                    on(entry, "inputs", one.name),
                    key=one.name,
                    fix="use it in a template or remove it",
                )
