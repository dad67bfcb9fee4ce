"""A field was added to the output."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="output-field-added",
    kinds=(
        "output-required-property-added",
        "output-optional-property-added",
    ),
    impact=Impact.ADDITIVE,
    headline="a field was added to the output",
    line="{what} is new",
    hits="Nobody has to do anything, unless they refuse unknown fields.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(
                prompt="output: {schema: {type: object, properties: {queue: {type: string}}}}"
            ),
            new=Example(
                prompt="output: {schema: {type: object, properties: {queue: {type: string}, note: {type: string}}}}"
            ),
        ),
    ),
)
