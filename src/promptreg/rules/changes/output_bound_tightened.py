"""The output is held to a tighter bound."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="output-bound-tightened",
    kinds=(
        "output-bound-added",
        "output-bound-tightened",
        "output-pattern-added",
        "output-unique-items-added",
    ),
    impact=Impact.ADDITIVE,
    headline="the output is held to a tighter bound",
    line="{what} is {after}, was {before}",
    hits="Nobody has to do anything.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(
                prompt="output: {schema: {type: object, properties: {queue: {type: string}}}}"
            ),
            new=Example(
                prompt="output: {schema: {type: object, properties: {queue: {type: string, maxLength: 20}}}}"
            ),
        ),
    ),
    effects=frozenset({"narrowed", "none"}),
)
