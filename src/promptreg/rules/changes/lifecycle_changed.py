"""The lifecycle changed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="lifecycle-changed",
    kinds=("lifecycle-changed",),
    impact=Impact.DOCS,
    headline="the lifecycle changed",
    line="it is {after}, was {before}",
    hits="Those who use a deprecated or retired entry are told by rules of their own.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(prompt="lifecycle: active"),
            new=Example(prompt="lifecycle: deprecated\nsunset: '2030-01-01'"),
        ),
    ),
)
