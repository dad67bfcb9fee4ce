"""The output may hold more values."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="output-enum-widened",
    kinds=(
        "output-enum-value-added",
        "output-enum-removed",
    ),
    impact=Impact.BREAKING,
    headline="the output may hold more values",
    line="{what} may be {after}",
    hits="Whoever switches over the listed values meets one that they don't know.",
    compatible="map the new value to an old one, or add a field",
    pairs=(
        Pair(
            old=Example(
                prompt="output: {schema: {type: object, properties: {queue: {enum: [billing, orders]}}}}"
            ),
            new=Example(
                prompt="output: {schema: {type: object, properties: {queue: {enum: [billing, orders, privacy]}}}}"
            ),
        ),
    ),
)
