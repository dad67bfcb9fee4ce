"""What changes cost, as the change rules say."""

from __future__ import annotations

from promptreg.checks.verdicts import judge, required_bump
from promptreg.model.change import Change
from promptreg.releases.releasing import Cost
from promptreg.rules.changes.builtin import CHANGE_RULES


def cost_of(changes: tuple[Change, ...]) -> Cost:
    """The least bump that the changes need; the costliest reasons come first."""
    verdicts = judge(changes, CHANGE_RULES)
    ordered = sorted(verdicts, key=lambda verdict: -verdict.impact.bump)
    reasons = (f"{one.impact}: {one.rule.headline}: {one.message}" for one in ordered)
    return Cost(required_bump(verdicts), tuple(dict.fromkeys(reasons)))
