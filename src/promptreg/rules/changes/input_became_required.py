"""An input became required."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="input-became-required",
    kinds=("input-became-required",),
    impact=Impact.BREAKING,
    headline="an input became required",
    line="{what} has to be passed from now on",
    hits="Callers that leave it out fail before a model is asked.",
    compatible="keep a default",
    pairs=(
        Pair(
            old=Example(prompt="inputs: {tier: {type: string, default: free}}"),
            new=Example(prompt="inputs: {tier: {type: string}}"),
        ),
    ),
)
