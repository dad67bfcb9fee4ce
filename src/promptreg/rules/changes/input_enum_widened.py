"""An input takes more values."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="input-enum-widened",
    kinds=(
        "input-enum-removed",
        "input-enum-value-added",
    ),
    impact=Impact.ADDITIVE,
    headline="an input takes more values",
    line="{what} takes {after}",
    hits="Nobody has to do anything.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(prompt="inputs: {tier: {enum: [free, pro]}}"),
            new=Example(prompt="inputs: {tier: {enum: [free, pro, max]}}"),
        ),
    ),
    effects=frozenset({"widened", "none"}),
)
