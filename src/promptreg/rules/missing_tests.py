"""Rule `missing-tests`."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.context import Context
from promptreg.checks.example import PROMPT, Bad, Good
from promptreg.checks.rule import PromptRule, on
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding, Severity
from promptreg.model.prompt import Lifecycle, Prompt


class MissingTests(PromptRule):
    """An active prompt has no tests.

    Why: a test shows what the prompt is for, and tells when a change of a partial breaks it.
    Fix: add `tests:` with inputs and what the rendered text has to contain.
    """

    id = "missing-tests"
    severity = Severity.WARNING
    since = "0.1"
    examples = (
        Good("tests: [{name: it greets, expect: [{contains: Hello}]}]"),
        Good("lifecycle: draft"),
        Bad(at=f"{PROMPT}:name"),
    )

    def check_prompt(self, entry: Entry, prompt: Prompt, context: Context) -> Iterator[Finding]:
        del context
        if prompt.lifecycle is Lifecycle.ACTIVE and not prompt.tests:
            yield self.finding(
                f"`{entry.name}` has no tests",
                on(entry, "name"),
                fix="add `tests:` with inputs and what the rendered text has to contain",
            )
