"""An input got a default."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="input-default-added",
    kinds=("input-default-added",),
    impact=Impact.ADDITIVE,
    headline="an input got a default",
    line="{what} is {after} where callers leave it out",
    hits="Callers that left it out get the default in place of nothing.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(prompt="inputs: {tier: {type: string, required: false}}"),
            new=Example(prompt="inputs: {tier: {type: string, required: false, default: free}}"),
        ),
    ),
)
