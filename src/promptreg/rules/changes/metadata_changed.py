"""Documentation changed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="metadata-changed",
    kinds=("metadata-changed",),
    impact=Impact.DOCS,
    headline="documentation changed",
    line="{what} changed",
    hits="Nobody has to do anything.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(prompt="description: A greeting."),
            new=Example(prompt="description: A friendly greeting."),
        ),
    ),
)
