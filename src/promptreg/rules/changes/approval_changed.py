"""Who has to approve changed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="approval-changed",
    kinds=(
        "approval-added",
        "approval-removed",
        "approval-changed",
    ),
    impact=Impact.BEHAVIOURAL,
    headline="who has to approve changed",
    line="{what} changed",
    hits="Releases need other approvals.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(agent="approvals: {release: {count: 1}}"),
            new=Example(agent="approvals: {release: {count: 2}}"),
        ),
    ),
)
