"""The output is held to a schema."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="output-added",
    kinds=("output-added",),
    impact=Impact.BREAKING,
    headline="the output is held to a schema",
    line="the answer is JSON from now on",
    hits="Whoever reads the answer as text gets JSON.",
    compatible="release it under a new name",
    pairs=(
        Pair(
            old=Example(),
            new=Example(
                prompt="output: {schema: {type: object, properties: {queue: {type: string}}}}"
            ),
        ),
    ),
)
