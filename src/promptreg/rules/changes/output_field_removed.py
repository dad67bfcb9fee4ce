"""A field of the output was removed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="output-field-removed",
    kinds=(
        "output-required-property-removed",
        "output-optional-property-removed",
    ),
    impact=Impact.BREAKING,
    headline="a field of the output was removed",
    line="{what} is gone",
    hits="Whoever reads the field misses it.",
    compatible="keep the field until nobody reads it",
    pairs=(
        Pair(
            old=Example(
                prompt="output: {schema: {type: object, properties: {queue: {type: string}, note: {type: string}}}}"
            ),
            new=Example(
                prompt="output: {schema: {type: object, properties: {queue: {type: string}}}}"
            ),
        ),
    ),
)
