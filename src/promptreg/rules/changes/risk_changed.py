"""The risk changed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="risk-changed",
    kinds=("risk-changed",),
    impact=Impact.DOCS,
    headline="the risk changed",
    line="it is {after}, was {before}",
    hits="Other gates count.",
    compatible="it is compatible",
    pairs=(Pair(old=Example(), new=Example(prompt="risk: high")),),
)
