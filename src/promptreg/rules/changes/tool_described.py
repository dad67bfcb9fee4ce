"""The description of a tool changed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="tool-described",
    kinds=("tool-described",),
    impact=Impact.BEHAVIOURAL,
    headline="the description of a tool changed",
    line="{what} was described otherwise",
    hits="The model reads it, so it may call the tool otherwise.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(prompt="tools: [{name: refund, description: Pays back.}]"),
            new=Example(prompt="tools: [{name: refund, description: Pays back in full.}]"),
        ),
    ),
)
