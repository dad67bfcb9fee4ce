"""An input became optional."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="input-became-optional",
    kinds=("input-became-optional",),
    impact=Impact.ADDITIVE,
    headline="an input became optional",
    line="{what} may be left out",
    hits="Nobody has to do anything.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(prompt="inputs: {tier: {type: string}}"),
            new=Example(prompt="inputs: {tier: {type: string, required: false}}"),
        ),
    ),
)
