"""The description of an input changed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="input-described",
    kinds=("input-described",),
    impact=Impact.DOCS,
    headline="the description of an input changed",
    line="{what} was described otherwise",
    hits="Nobody has to do anything.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(prompt="inputs: {tier: {type: string, description: The tier.}}"),
            new=Example(prompt="inputs: {tier: {type: string, description: The customer's tier.}}"),
        ),
    ),
)
