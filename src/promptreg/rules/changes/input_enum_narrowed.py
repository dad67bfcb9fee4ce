"""An input takes fewer of its listed values."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="input-enum-narrowed",
    kinds=(
        "input-enum-added",
        "input-enum-value-removed",
    ),
    impact=Impact.BREAKING,
    headline="an input takes fewer of its listed values",
    line="{what} no longer takes {before}",
    hits="Callers that pass a value which isn't listed are refused.",
    compatible="keep the value and let the text treat it like another",
    pairs=(
        Pair(
            old=Example(prompt="inputs: {tier: {enum: [free, pro, max]}}"),
            new=Example(prompt="inputs: {tier: {enum: [free, pro]}}"),
        ),
    ),
)
