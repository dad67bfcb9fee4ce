"""A text changed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="text-changed",
    kinds=("text-changed",),
    impact=Impact.BEHAVIOURAL,
    headline="a text changed",
    line="{what} has another text",
    hits="The model may answer otherwise; tests and experiments tell.",
    compatible="behaviour can't be judged by rules: `promptreg diff --rendered` shows what is sent",
    pairs=(
        Pair(
            old=Example(prompt="messages: [{role: user, content: Hello}]"),
            new=Example(prompt="messages: [{role: user, content: Good day}]"),
        ),
    ),
)
