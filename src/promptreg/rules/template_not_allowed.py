"""Rule `template-not-allowed`."""

from __future__ import annotations

from promptreg.checks.example import PROMPT, Bad, Good
from promptreg.rules.template_problem_rule import TemplateProblemRule


class TemplateNotAllowed(TemplateProblemRule):
    """A template uses a construct that promptreg doesn't permit.

    Why: templates come from pull requests and are rendered in CI and in production. Only constructs
    that can't reach Python, and whose cost is bounded, are safe there.
    Fix: write it with the filters and tests that are allowed, or pass the value as an input.
    """

    id = "template-not-allowed"
    examples = (
        Good("messages: [{role: user, content: \"{{ 'Hello' | upper }}\"}]"),
        Bad(
            "messages: [{role: user, content: \"{{ ''.__class__ }}\"}]",
            at=f"{PROMPT}:messages[0].content",
        ),
    )
