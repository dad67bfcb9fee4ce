"""An optional input was added."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="optional-input-added",
    kinds=("input-added",),
    impact=Impact.ADDITIVE,
    headline="an optional input was added",
    line="{what} may be passed",
    hits="Nobody has to do anything.",
    compatible="it is compatible",
    pairs=(
        Pair(old=Example(), new=Example(prompt="inputs: {tier: {type: string, default: free}}")),
    ),
)
