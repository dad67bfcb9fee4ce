"""Rule `invalid-default`."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.context import Context
from promptreg.checks.example import PROMPT, Bad, Good
from promptreg.checks.judging import usable_schema
from promptreg.checks.rule import PromptRule, on
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding, Severity
from promptreg.model.prompt import Prompt


class InvalidDefault(PromptRule):
    """The default of an input doesn't fit the input's own schema.

    Why: leaving the input out would pass a value that callers may not pass.
    Fix: correct the default, or widen the schema.
    """

    id = "invalid-default"
    severity = Severity.ERROR
    since = "0.1"
    examples = (
        Good(
            "messages: [{role: user, content: 'Hello {{ tone }}'}]\n"
            "inputs: {tone: {enum: [warm, plain], default: warm, description: The tone.}}"
        ),
        Bad(
            "messages: [{role: user, content: 'Hello {{ tone }}'}]\n"
            "inputs: {tone: {enum: [warm, plain], default: cold, description: The tone.}}",
            at=f"{PROMPT}:inputs.tone.default",
        ),
    )

    def check_prompt(self, entry: Entry, prompt: Prompt, context: Context) -> Iterator[Finding]:
        for one in prompt.inputs:
            schema = usable_schema(one)
            if schema is None or not one.has_default:
                continue
            for violation in context.judge(schema, one.schema["default"]):
                yield self.finding(
                    f"the default doesn't fit: {violation.message}",
                    on(entry, "inputs", one.name, "default", *violation.route),
                    key=violation.key,
                    fix=violation.hint,
                )
