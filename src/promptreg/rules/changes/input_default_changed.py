"""The default of an input changed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="input-default-changed",
    kinds=("input-default-changed",),
    impact=Impact.BEHAVIOURAL,
    headline="the default of an input changed",
    line="{what} is {after} in place of {before} where callers leave it out",
    hits="Callers that leave it out send another text.",
    compatible="add an input with the new default",
    pairs=(
        Pair(
            old=Example(prompt="inputs: {tier: {type: string, default: free}}"),
            new=Example(prompt="inputs: {tier: {type: string, default: pro}}"),
        ),
    ),
)
