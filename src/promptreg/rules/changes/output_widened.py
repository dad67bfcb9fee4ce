"""The output may hold more, or it can't be decided whether it does."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example
from promptreg.model.change import schema_kinds

RULE = ChangeRule(
    id="output-widened",
    kinds=schema_kinds("output"),
    impact=Impact.BREAKING,
    headline="the output may hold more, or it can't be decided whether it does",
    line="{what} changed in a way that may bring what was never there",
    hits="Whoever reads the answer may meet what they don't expect.",
    compatible="keep what was promised",
    pairs=(
        Pair(
            old=Example(
                prompt="output: {schema: {type: object, properties: {queue: {anyOf: [{type: string}]}}}}"
            ),
            new=Example(
                prompt="output: {schema: {type: object, properties: {queue: {anyOf: [{type: string}, {type: integer}]}}}}"
            ),
        ),
    ),
    effects=frozenset({"widened", "both", "unknown"}),
)
