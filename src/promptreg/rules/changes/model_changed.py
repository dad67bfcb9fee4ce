"""The model or one of its parameters changed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="model-changed",
    kinds=("model-changed",),
    impact=Impact.BEHAVIOURAL,
    headline="the model or one of its parameters changed",
    line="{what} is {after}, was {before}",
    hits="The model may answer otherwise, at another price and speed.",
    compatible="try it as an experiment first",
    pairs=(
        Pair(
            old=Example(prompt="model: {name: gpt-5-mini}"),
            new=Example(prompt="model: {name: gpt-5}"),
        ),
    ),
)
