"""A tool was removed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="tool-removed",
    kinds=("tool-removed",),
    impact=Impact.BREAKING,
    headline="a tool was removed",
    line="the model no longer calls {what}",
    hits="What relied on the call no longer happens.",
    compatible="keep the tool until nothing relies on it",
    pairs=(
        Pair(
            old=Example(prompt="tools: [{name: refund, parameters: {type: object}}]"), new=Example()
        ),
    ),
)
