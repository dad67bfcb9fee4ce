"""The output holds fewer types or values."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="output-type-narrowed",
    kinds=(
        "output-type-narrowed",
        "output-const-added",
    ),
    impact=Impact.ADDITIVE,
    headline="the output holds fewer types or values",
    line="{what} is always {after}",
    hits="Nobody has to do anything.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(
                prompt="output: {schema: {type: object, properties: {queue: {type: [string, 'null']}}}}"
            ),
            new=Example(
                prompt="output: {schema: {type: object, properties: {queue: {type: string}}}}"
            ),
        ),
    ),
    effects=frozenset({"narrowed", "none"}),
)
