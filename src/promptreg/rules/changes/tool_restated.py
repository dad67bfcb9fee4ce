"""A tool's schema says the same in other words."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example
from promptreg.model.change import schema_kinds

RULE = ChangeRule(
    id="tool-restated",
    kinds=schema_kinds("tool"),
    impact=Impact.BEHAVIOURAL,
    headline="a tool's schema says the same in other words",
    line="{what} says the same otherwise",
    hits="The model reads the schema, so it may call the tool otherwise.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(
                prompt="tools: [{name: refund, parameters: {type: object, properties: {amount: {type: number, format: euros}}}}]"
            ),
            new=Example(
                prompt="tools: [{name: refund, parameters: {type: object, properties: {amount: {type: number, format: cents}}}}]"
            ),
        ),
    ),
    effects=frozenset({"none"}),
)
