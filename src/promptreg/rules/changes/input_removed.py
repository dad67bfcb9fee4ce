"""An input was removed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="input-removed",
    kinds=("input-removed",),
    impact=Impact.BREAKING,
    headline="an input was removed",
    line="{what} is refused from now on",
    hits="Callers that pass it fail: unknown inputs are refused.",
    compatible="keep it as an optional input that the text no longer uses, until callers have moved",
    pairs=(Pair(old=Example(prompt="inputs: {tier: {type: string}}"), new=Example()),),
)
