"""Rule `input-without-description`."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.context import Context
from promptreg.checks.example import PROMPT, Bad, Good
from promptreg.checks.rule import PromptRule, on
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding, Severity
from promptreg.model.prompt import Prompt


class InputWithoutDescription(PromptRule):
    """An input has no description.

    Why: callers learn from it what to pass.
    Fix: add `description:` to the input.
    """

    id = "input-without-description"
    severity = Severity.WARNING
    since = "0.1"
    examples = (
        Good(
            "messages: [{role: user, content: 'Hello {{ who }}'}]\n"
            "inputs: {who: {type: string, description: Whom to greet.}}"
        ),
        Bad(
            "messages: [{role: user, content: 'Hello {{ who }}'}]\ninputs: {who: {type: string}}",
            at=f"{PROMPT}:inputs.who",
        ),
    )

    def check_prompt(self, entry: Entry, prompt: Prompt, context: Context) -> Iterator[Finding]:
        del context
        for one in prompt.inputs:
            if not one.description.strip():
                yield self.finding(
                    f"the input `{one.name}` has no description",
                    on(entry, "inputs", one.name),
                    key=one.name,
                    fix="add `description:` that tells callers what to pass",
                )
