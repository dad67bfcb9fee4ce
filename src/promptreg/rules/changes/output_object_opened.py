"""The output may hold fields that aren't listed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="output-object-opened",
    kinds=("output-additional-properties-allowed",),
    impact=Impact.ADDITIVE,
    headline="the output may hold fields that aren't listed",
    line="other fields may be there",
    hits="Nobody has to do anything, unless they refuse unknown fields.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(
                prompt="output: {schema: {type: object, properties: {queue: {type: string}}, additionalProperties: false}}"
            ),
            new=Example(
                prompt="output: {schema: {type: object, properties: {queue: {type: string}}}}"
            ),
        ),
    ),
)
