"""An input accepts more."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example
from promptreg.model.change import schema_kinds

RULE = ChangeRule(
    id="input-widened",
    kinds=schema_kinds("input"),
    impact=Impact.ADDITIVE,
    headline="an input accepts more",
    line="{what} accepts more than it did",
    hits="Nobody has to do anything.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(prompt="inputs: {order: {type: object, additionalProperties: false}}"),
            new=Example(prompt="inputs: {order: {type: object}}"),
        ),
    ),
    effects=frozenset({"widened"}),
)
