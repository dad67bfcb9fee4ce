"""The output is held to a looser bound."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="output-bound-loosened",
    kinds=(
        "output-bound-removed",
        "output-bound-loosened",
        "output-bound-changed",
        "output-pattern-removed",
        "output-pattern-changed",
        "output-unique-items-removed",
    ),
    impact=Impact.BREAKING,
    headline="the output is held to a looser bound",
    line="{what} is {after}, was {before}",
    hits="Whoever stores or shows the value within the old bound meets larger ones.",
    compatible="keep the bound",
    pairs=(
        Pair(
            old=Example(
                prompt="output: {schema: {type: object, properties: {queue: {type: string, maxLength: 20}}}}"
            ),
            new=Example(
                prompt="output: {schema: {type: object, properties: {queue: {type: string}}}}"
            ),
        ),
    ),
)
