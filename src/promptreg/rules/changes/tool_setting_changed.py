"""How a tool is used changed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="tool-setting-changed",
    kinds=("tool-setting-changed",),
    impact=Impact.BEHAVIOURAL,
    headline="how a tool is used changed",
    line="{what} is {after}, was {before}",
    hits="The tool may be called, or let through, otherwise.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(prompt="tools: [{name: refund, strict: false}]"),
            new=Example(prompt="tools: [{name: refund, strict: true}]"),
        ),
    ),
)
