"""A prompt that an agent uses was released anew."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact

RULE = ChangeRule(
    id="pin-changed",
    kinds=("pin-changed",),
    impact=Impact.BEHAVIOURAL,
    headline="a prompt that an agent uses was released anew",
    line="{what} is {after}, was {before}",
    hits="The agent may act otherwise.",
    compatible="it is compatible",
    pairs=(),
)
