"""A guardrail changed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="guardrail-changed",
    kinds=("guardrail-changed",),
    impact=Impact.BEHAVIOURAL,
    headline="a guardrail changed",
    line="{what} guards otherwise",
    hits="Some runs may be stopped, or no longer be.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(
                agent="guardrails: [{name: cards, stage: output, pattern: '[0-9]{16}', on_violation: block}]"
            ),
            new=Example(
                agent="guardrails: [{name: cards, stage: output, pattern: '[0-9]{16}', on_violation: warn}]"
            ),
        ),
    ),
)
