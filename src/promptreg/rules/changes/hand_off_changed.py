"""An agent hands over otherwise."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="hand-off-changed",
    kinds=(
        "hand-off-added",
        "hand-off-removed",
        "hand-off-changed",
    ),
    impact=Impact.BEHAVIOURAL,
    headline="an agent hands over otherwise",
    line="{what} changed",
    hits="Work may arrive at another agent.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(agent="description: Helps."),
            new=Example(agent="hand_offs: [{to: helper, when: in doubt}]"),
        ),
    ),
)
