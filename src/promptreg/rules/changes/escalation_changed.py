"""An agent escalates otherwise."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="escalation-changed",
    kinds=(
        "escalation-added",
        "escalation-removed",
        "escalation-changed",
    ),
    impact=Impact.BEHAVIOURAL,
    headline="an agent escalates otherwise",
    line="{what} changed",
    hits="Other people are called, or at other times.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(agent="escalation: [{when: sev1, to: team, within: 15m}]"),
            new=Example(agent="escalation: [{when: sev1, to: team, within: 30m}]"),
        ),
    ),
)
