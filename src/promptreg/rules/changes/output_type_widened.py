"""The output may hold other types or values."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="output-type-widened",
    kinds=(
        "output-type-widened",
        "output-type-changed",
        "output-const-removed",
        "output-const-changed",
    ),
    impact=Impact.BREAKING,
    headline="the output may hold other types or values",
    line="{what} may be {after}, was {before}",
    hits="Whoever reads the value meets a type that they don't expect.",
    compatible="add a field with the new type",
    pairs=(
        Pair(
            old=Example(
                prompt="output: {schema: {type: object, properties: {queue: {type: string}}}}"
            ),
            new=Example(
                prompt="output: {schema: {type: object, properties: {queue: {type: [string, 'null']}}}}"
            ),
        ),
    ),
)
