"""Rule `missing-template`."""

from __future__ import annotations

from promptreg.checks.example import PROMPT, Bad, Good
from promptreg.rules.template_problem_rule import TemplateProblemRule


class MissingTemplate(TemplateProblemRule):
    """A manifest or a template names a template that isn't there.

    Why: the prompt can't be rendered.
    Fix: add the file, or correct the name. Names are looked up beside the file that names them, then
    in the folders of `templates:` in promptreg.yaml.
    """

    id = "missing-template"
    tells_absence = True
    examples = (
        Good(
            "messages: [{role: user, template: greeting.j2}]",
            files={"prompts/greeting.j2": "Hello\n"},
        ),
        Bad(
            "messages: [{role: user, template: greting.j2}]",
            files={"prompts/greeting.j2": "Hello\n"},
            at=f"{PROMPT}:messages[0].template",
        ),
        Bad(
            "messages: [{role: user, content: \"{% include 'greeting.j2' %}\"}]",
            at=f"{PROMPT}:messages[0].content",
        ),
    )
