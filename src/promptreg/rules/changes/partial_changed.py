"""A template that the prompt reaches changed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="partial-changed",
    kinds=("partial-changed",),
    impact=Impact.BEHAVIOURAL,
    headline="a template that the prompt reaches changed",
    line="{what} has another text",
    hits="The model may answer otherwise, in every entry that reaches it.",
    compatible="`promptreg impact` lists them",
    pairs=(
        Pair(
            old=Example(
                prompt="messages: [{role: user, content: \"{% include 'tone.j2' %}\"}]",
                files={"partials/tone.j2": "Be kind."},
            ),
            new=Example(
                prompt="messages: [{role: user, content: \"{% include 'tone.j2' %}\"}]",
                files={"partials/tone.j2": "Be brief."},
            ),
        ),
    ),
)
