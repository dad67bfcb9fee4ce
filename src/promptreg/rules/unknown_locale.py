"""Rule `unknown-locale`."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.context import Context
from promptreg.checks.example import PROMPT, Bad, Good
from promptreg.checks.rule import PromptRule, on
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding, Severity
from promptreg.model.names import did_you_mean
from promptreg.model.prompt import Prompt


class UnknownLocale(PromptRule):
    """A test asks for a locale that the prompt doesn't have.

    Why: rendering falls back to the default text, and the test would test that instead.
    Fix: add the locale under `locales:`, or test one that is there.
    """

    id = "unknown-locale"
    severity = Severity.ERROR
    since = "0.1"
    examples = (
        Good(
            "locales: {de: {messages: [{role: user, content: Hallo}]}}\n"
            "tests: [{name: it greets, locale: de, expect: [{contains: Hallo}]}]"
        ),
        Bad(
            "tests: [{name: it greets, locale: de, expect: [{contains: Hello}]}]",
            at=f"{PROMPT}:tests[0].locale",
        ),
    )

    def check_prompt(self, entry: Entry, prompt: Prompt, context: Context) -> Iterator[Finding]:
        del context
        known = {locale.lower() for locale, _ in prompt.locales}
        for test in prompt.tests:
            if test.locale and not known & set(_chain(test.locale.lower())):
                yield self.finding(
                    f"the prompt has no locale `{test.locale}`",
                    on(entry, *test.route, "locale"),
                    key=test.locale,
                    fix=did_you_mean(test.locale, known) or "add it under `locales:`",
                )


def _chain(locale: str) -> list[str]:
    """`de-at` falls back to `de`."""
    parts = locale.split("-")
    return ["-".join(parts[:count]) for count in range(len(parts), 0, -1)]
