"""An input takes fewer types or values."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="input-type-narrowed",
    kinds=(
        "input-type-narrowed",
        "input-type-changed",
        "input-const-added",
        "input-const-changed",
    ),
    impact=Impact.BREAKING,
    headline="an input takes fewer types or values",
    line="{what} takes {after}, not {before}",
    hits="Callers that pass another type are refused.",
    compatible="allow both types until callers have moved",
    pairs=(
        Pair(
            old=Example(prompt="inputs: {tier: {type: [string, integer]}}"),
            new=Example(prompt="inputs: {tier: {type: string}}"),
        ),
    ),
)
