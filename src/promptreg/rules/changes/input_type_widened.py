"""An input takes more types or values."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="input-type-widened",
    kinds=(
        "input-type-widened",
        "input-const-removed",
    ),
    impact=Impact.ADDITIVE,
    headline="an input takes more types or values",
    line="{what} takes {after} as well",
    hits="Nobody has to do anything.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(prompt="inputs: {tier: {type: string}}"),
            new=Example(prompt="inputs: {tier: {type: [string, integer]}}"),
        ),
    ),
    effects=frozenset({"widened", "none"}),
)
