"""A field of the output is always there."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="output-field-required",
    kinds=(
        "output-property-became-required",
        "output-dependency-added",
    ),
    impact=Impact.ADDITIVE,
    headline="a field of the output is always there",
    line="{what} is always there from now on",
    hits="Nobody has to do anything.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(
                prompt="output: {schema: {type: object, properties: {queue: {type: string}}}}"
            ),
            new=Example(
                prompt="output: {schema: {type: object, properties: {queue: {type: string}}, required: [queue]}}"
            ),
        ),
    ),
)
