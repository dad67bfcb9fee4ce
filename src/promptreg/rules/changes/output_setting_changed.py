"""How the output is asked for changed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="output-setting-changed",
    kinds=("output-setting-changed",),
    impact=Impact.BEHAVIOURAL,
    headline="how the output is asked for changed",
    line="{what} is {after}, was {before}",
    hits="The model may answer otherwise.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(prompt="output: {name: a, schema: {type: object}}"),
            new=Example(prompt="output: {name: b, schema: {type: object}}"),
        ),
    ),
)
