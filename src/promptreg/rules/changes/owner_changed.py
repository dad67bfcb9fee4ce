"""The owner changed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="owner-changed",
    kinds=("owner-changed",),
    impact=Impact.DOCS,
    headline="the owner changed",
    line="it belongs to {after}, belonged to {before}",
    hits="Others review and answer for it.",
    compatible="it is compatible",
    pairs=(Pair(old=Example(), new=Example(prompt="owner: others")),),
)
