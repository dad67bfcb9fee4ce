"""A tool is called with fewer arguments."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example
from promptreg.model.change import schema_kinds

RULE = ChangeRule(
    id="tool-narrowed",
    kinds=schema_kinds("tool"),
    impact=Impact.ADDITIVE,
    headline="a tool is called with fewer arguments",
    line="{what} promises more than it did",
    hits="Nobody has to do anything.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(
                prompt="tools: [{name: refund, parameters: {type: object, properties: {amount: {type: number}}}}]"
            ),
            new=Example(
                prompt="tools: [{name: refund, parameters: {type: object, properties: {amount: {type: integer}}}}]"
            ),
        ),
    ),
    effects=frozenset({"narrowed"}),
)
