"""A detail of a message changed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="message-detail-changed",
    kinds=("message-detail-changed",),
    impact=Impact.BEHAVIOURAL,
    headline="a detail of a message changed",
    line="{what} changed",
    hits="The model may answer otherwise.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(prompt="messages: [{role: user, name: anna, content: Hello}]"),
            new=Example(prompt="messages: [{role: user, name: otto, content: Hello}]"),
        ),
    ),
)
