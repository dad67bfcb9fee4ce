"""Rule `input-name-conflict`."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.context import Context
from promptreg.checks.example import PROMPT, Bad, Good
from promptreg.checks.rule import PromptRule, on
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding, Severity
from promptreg.model.prompt import Placeholder, Prompt


class InputNameConflict(PromptRule):
    """A placeholder carries the name of an input, or of another placeholder beside it.

    Why: callers pass inputs and placeholders by name; one value would mean two things.
    Fix: rename one of them.
    """

    id = "input-name-conflict"
    severity = Severity.ERROR
    since = "0.1"
    examples = (
        Good("messages: [{placeholder: history}, {role: user, content: Hello}]"),
        Bad(
            "messages: [{placeholder: history}, {role: user, content: '{{ history }}'}]\n"
            "inputs: {history: {type: string, description: What was said.}}",
            at=f"{PROMPT}:messages[0].placeholder",
        ),
        Bad(
            "messages: [{placeholder: history}, {placeholder: history}]",
            at=f"{PROMPT}:messages[1].placeholder",
        ),
    )

    def check_prompt(self, entry: Entry, prompt: Prompt, context: Context) -> Iterator[Finding]:
        del context
        inputs = {
            one.name: on(entry, "inputs", one.name, note="the input") for one in prompt.inputs
        }
        for turns in (prompt.messages, *(turns for _, turns in prompt.locales)):
            taken = dict(inputs)
            for turn in turns:
                if not isinstance(turn, Placeholder):
                    continue
                at = on(entry, *turn.route, note="the first one")
                if turn.name in taken:
                    yield self.finding(
                        f"the name `{turn.name}` is used twice",
                        on(entry, *turn.route),
                        key=turn.name,
                        fix="rename one of them",
                        related=(taken[turn.name],),
                    )
                taken.setdefault(turn.name, at)
