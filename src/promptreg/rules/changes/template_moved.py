"""A template moved."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="template-moved",
    kinds=("template-moved",),
    impact=Impact.DOCS,
    headline="a template moved",
    line="{after} was {before}",
    hits="Nobody has to do anything: the text is the same.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(
                prompt="messages: [{role: user, template: a.j2}]", files={"prompts/a.j2": "Hello"}
            ),
            new=Example(
                prompt="messages: [{role: user, template: b.j2}]", files={"prompts/b.j2": "Hello"}
            ),
        ),
    ),
)
