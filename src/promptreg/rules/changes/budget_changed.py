"""An agent's budget changed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="budget-changed",
    kinds=(
        "budget-added",
        "budget-removed",
        "budget-changed",
    ),
    impact=Impact.BEHAVIOURAL,
    headline="an agent's budget changed",
    line="{what} is {after}, was {before}",
    hits="Runs may end earlier, or cost more.",
    compatible="it is compatible",
    pairs=(
        Pair(old=Example(agent="budget: {steps: 12}"), new=Example(agent="budget: {steps: 6}")),
    ),
)
