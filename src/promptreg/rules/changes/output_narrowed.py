"""The output holds less."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example
from promptreg.model.change import schema_kinds

RULE = ChangeRule(
    id="output-narrowed",
    kinds=schema_kinds("output"),
    impact=Impact.ADDITIVE,
    headline="the output holds less",
    line="{what} promises more than it did",
    hits="Nobody has to do anything.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(
                prompt="output: {schema: {type: object, properties: {queue: {type: string}}}}"
            ),
            new=Example(
                prompt="output: {schema: {type: object, properties: {queue: {type: string}}, additionalProperties: false}}"
            ),
        ),
    ),
    effects=frozenset({"narrowed"}),
)
