"""Rule `template-syntax`."""

from __future__ import annotations

from promptreg.checks.example import PROMPT, Bad, Good
from promptreg.rules.template_problem_rule import TemplateProblemRule


class TemplateSyntax(TemplateProblemRule):
    """A template is no Jinja.

    Why: it can't be rendered, and nothing that it uses can be checked.
    Fix: follow the message; literal braces are written `{{ '{{' }}`.
    """

    id = "template-syntax"
    examples = (
        Good("messages: [{role: user, content: 'Hello {{ 1 + 1 }}'}]"),
        Bad(
            "messages: [{role: user, content: 'Hello {% if %}'}]",
            at=f"{PROMPT}:messages[0].content",
        ),
    )
