"""An input lost its default."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="input-default-removed",
    kinds=("input-default-removed",),
    impact=Impact.BREAKING,
    headline="an input lost its default",
    line="{what} was {before} where callers left it out",
    hits="Callers that relied on the default fail, or send a prompt without the value.",
    compatible="keep the default",
    pairs=(
        Pair(
            old=Example(prompt="inputs: {tier: {type: string, default: free, required: false}}"),
            new=Example(prompt="inputs: {tier: {type: string, required: false}}"),
        ),
    ),
)
