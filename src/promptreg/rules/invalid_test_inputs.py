"""Rule `invalid-test-inputs`."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.context import Context
from promptreg.checks.example import PROMPT, Bad, Good
from promptreg.checks.judging import usable_schema
from promptreg.checks.rule import PromptRule, on
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding, Severity
from promptreg.model.names import did_you_mean
from promptreg.model.prompt import Prompt, Test

_GREETING = (
    "messages: [{role: user, content: 'Hello {{ who }}'}]\n"
    "inputs: {who: {type: string, description: Whom to greet.}}\n"
)


class InvalidTestInputs(PromptRule):
    """A test passes inputs that the prompt doesn't take, or leaves out those that it needs.

    Why: such a test can't be run; a caller who does the same is refused.
    Fix: pass what `inputs:` asks for.
    """

    id = "invalid-test-inputs"
    severity = Severity.ERROR
    since = "0.1"
    examples = (
        Good(
            _GREETING
            + "tests: [{name: it greets, inputs: {who: Ann}, expect: [{contains: Hello Ann}]}]"
        ),
        Bad(
            _GREETING + "tests: [{name: it greets, expect: [{contains: Hello}]}]",
            at=f"{PROMPT}:tests[0]",
        ),
        Bad(
            _GREETING + "tests: [{name: it greets, inputs: {who: 3}, expect: [{contains: Hello}]}]",
            at=f"{PROMPT}:tests[0].inputs.who",
        ),
        Bad(
            _GREETING
            + "tests: [{name: it greets, inputs: {who: Ann, how: well}, expect: [{contains: Ann}]}]",
            at=f"{PROMPT}:tests[0].inputs.how",
        ),
    )

    def check_prompt(self, entry: Entry, prompt: Prompt, context: Context) -> Iterator[Finding]:
        schemas = {one.name: usable_schema(one) for one in prompt.inputs}
        for test in prompt.tests:
            yield from self._names(entry, prompt, test)
            for name, value in test.inputs.items():
                schema = schemas.get(name)
                if schema is None:
                    continue
                for violation in context.judge(schema, value):
                    yield self.finding(
                        f"the input doesn't fit: {violation.message}",
                        on(entry, *test.route, "inputs", name, *violation.route),
                        key=violation.key,
                        fix=violation.hint,
                        related=(on(entry, "inputs", name, note="declared here"),),
                    )

    def _names(self, entry: Entry, prompt: Prompt, test: Test) -> Iterator[Finding]:
        needed = [one.name for one in prompt.inputs if one.required]
        needed += [one.name for one in prompt.placeholders() if one.required]
        known = {one.name for one in prompt.inputs} | {one.name for one in prompt.placeholders()}
        for name in needed:
            if name not in test.inputs:
                yield self.finding(
                    f"the test `{test.name}` lacks the input `{name}`",
                    on(entry, *test.route),
                    key=name,
                    fix=f"add `{name}` to its `inputs:`",
                )
        for name in test.inputs:
            if name not in known:
                yield self.finding(
                    f"the prompt has no input `{name}`",
                    on(entry, *test.route, "inputs", name),
                    key=name,
                    fix=did_you_mean(name, known) or "remove it",
                )
