"""The output is no longer held to a schema."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="output-removed",
    kinds=("output-removed",),
    impact=Impact.BREAKING,
    headline="the output is no longer held to a schema",
    line="the answer may be any text from now on",
    hits="Whoever parses the answer as JSON fails.",
    compatible="release it under a new name",
    pairs=(
        Pair(
            old=Example(
                prompt="output: {schema: {type: object, properties: {queue: {type: string}}}}"
            ),
            new=Example(),
        ),
    ),
)
