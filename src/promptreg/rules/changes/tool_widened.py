"""A tool may be called with other arguments, or it can't be decided."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example
from promptreg.model.change import schema_kinds

RULE = ChangeRule(
    id="tool-widened",
    kinds=schema_kinds("tool"),
    impact=Impact.BREAKING,
    headline="a tool may be called with other arguments, or it can't be decided",
    line="{what} changed in a way that may bring other arguments",
    hits="Whoever runs the tool meets arguments that they don't expect.",
    compatible="add a tool with the new arguments",
    pairs=(
        Pair(
            old=Example(
                prompt="tools: [{name: refund, parameters: {type: object, properties: {amount: {type: integer}}}}]"
            ),
            new=Example(
                prompt="tools: [{name: refund, parameters: {type: object, properties: {amount: {type: number}}}}]"
            ),
        ),
    ),
    effects=frozenset({"widened", "both", "unknown"}),
)
