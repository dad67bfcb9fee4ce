"""A field of the output may be missing."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="output-field-optional",
    kinds=(
        "output-property-became-optional",
        "output-dependency-removed",
    ),
    impact=Impact.BREAKING,
    headline="a field of the output may be missing",
    line="{what} may be missing from now on",
    hits="Whoever relies on the field fails where it is missing.",
    compatible="keep it required and allow an empty value",
    pairs=(
        Pair(
            old=Example(
                prompt="output: {schema: {type: object, properties: {queue: {type: string}}, required: [queue]}}"
            ),
            new=Example(
                prompt="output: {schema: {type: object, properties: {queue: {type: string}}}}"
            ),
        ),
    ),
)
