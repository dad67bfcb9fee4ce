"""The roles of the messages changed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="roles-changed",
    kinds=("roles-changed",),
    impact=Impact.BREAKING,
    headline="the roles of the messages changed",
    line="{what}: the sequence of roles is another one",
    hits="Whoever adds messages of their own, or sends the prompt to an API that wants certain roles, may fail.",
    compatible="keep the sequence and put the text into an existing message",
    pairs=(
        Pair(
            old=Example(prompt="messages: [{role: user, content: Hello}]"),
            new=Example(
                prompt="messages: [{role: system, content: Be kind.}, {role: user, content: Hello}]"
            ),
        ),
    ),
)
