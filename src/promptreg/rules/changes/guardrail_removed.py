"""A guardrail was removed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="guardrail-removed",
    kinds=("guardrail-removed",),
    impact=Impact.BREAKING,
    headline="a guardrail was removed",
    line="{what} no longer guards",
    hits="Whoever relies on the guardrail is no longer protected.",
    compatible="keep it and let it warn",
    pairs=(
        Pair(
            old=Example(
                agent="guardrails: [{name: cards, stage: output, pattern: '[0-9]{16}', on_violation: block}]"
            ),
            new=Example(agent="description: Helps."),
        ),
    ),
)
