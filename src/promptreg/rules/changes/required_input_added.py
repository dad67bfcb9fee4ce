"""A required input was added."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="required-input-added",
    kinds=("required-input-added",),
    impact=Impact.BREAKING,
    headline="a required input was added",
    line="{what} has to be passed from now on",
    hits="Callers that don't pass it fail before a model is asked.",
    compatible="give it a `default:`, or say `required: false`",
    pairs=(Pair(old=Example(), new=Example(prompt="inputs: {tier: {type: string}}")),),
)
