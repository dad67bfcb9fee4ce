"""A tool was added."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="tool-added",
    kinds=("tool-added",),
    impact=Impact.ADDITIVE,
    headline="a tool was added",
    line="the model may call {what}",
    hits="Whoever runs the tools has to know the new one.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(), new=Example(prompt="tools: [{name: refund, parameters: {type: object}}]")
        ),
    ),
)
