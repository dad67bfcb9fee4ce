"""A guardrail was added."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="guardrail-added",
    kinds=("guardrail-added",),
    impact=Impact.BEHAVIOURAL,
    headline="a guardrail was added",
    line="{what} guards from now on",
    hits="Some runs may be stopped or changed.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(agent="description: Helps."),
            new=Example(
                agent="guardrails: [{name: cards, stage: output, pattern: '[0-9]{16}', on_violation: block}]"
            ),
        ),
    ),
)
