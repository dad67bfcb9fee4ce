"""The output holds fewer values."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="output-enum-narrowed",
    kinds=(
        "output-enum-value-removed",
        "output-enum-added",
    ),
    impact=Impact.ADDITIVE,
    headline="the output holds fewer values",
    line="{what} is never {before} from now on",
    hits="Nobody has to do anything.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(
                prompt="output: {schema: {type: object, properties: {queue: {enum: [billing, orders, privacy]}}}}"
            ),
            new=Example(
                prompt="output: {schema: {type: object, properties: {queue: {enum: [billing, orders]}}}}"
            ),
        ),
    ),
    effects=frozenset({"narrowed", "none"}),
)
