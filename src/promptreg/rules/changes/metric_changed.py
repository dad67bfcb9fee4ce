"""What an agent is measured by changed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="metric-changed",
    kinds=(
        "metric-added",
        "metric-removed",
        "metric-changed",
    ),
    impact=Impact.DOCS,
    headline="what an agent is measured by changed",
    line="{what} changed",
    hits="Nobody has to do anything.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(agent="description: Helps."),
            new=Example(agent="success_metrics: [{name: completion, target: '>= 0.95'}]"),
        ),
    ),
)
