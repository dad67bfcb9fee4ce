"""An input's schema says the same in other words."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example
from promptreg.model.change import schema_kinds

RULE = ChangeRule(
    id="input-restated",
    kinds=schema_kinds("input"),
    impact=Impact.DOCS,
    headline="an input's schema says the same in other words",
    line="{what} says the same otherwise",
    hits="Nobody has to do anything.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(prompt="inputs: {day: {type: string, format: date}}"),
            new=Example(prompt="inputs: {day: {type: string, format: date-time}}"),
        ),
    ),
    effects=frozenset({"none"}),
)
