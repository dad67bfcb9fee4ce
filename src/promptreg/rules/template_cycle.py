"""Rule `template-cycle`."""

from __future__ import annotations

from promptreg.checks.example import Bad, Good
from promptreg.rules.template_problem_rule import TemplateProblemRule


class TemplateCycle(TemplateProblemRule):
    """Templates reach each other in a circle.

    Why: rendering them would never end.
    Fix: move what both need into a third template.
    """

    id = "template-cycle"
    examples = (
        Good(
            "messages: [{role: user, template: a.j2}]",
            files={
                "prompts/a.j2": "{% include 'b.j2' %}\n",
                "prompts/b.j2": "Hello\n",
            },
        ),
        Bad(
            "messages: [{role: user, template: a.j2}]",
            files={
                "prompts/a.j2": "{% include 'b.j2' %}\n",
                "prompts/b.j2": "{% include 'a.j2' %}\n",
            },
            at="prompts/b.j2:1:12",
        ),
    )
