"""Whether an input is trusted changed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="input-trust-changed",
    kinds=("input-trust-changed",),
    impact=Impact.DOCS,
    headline="whether an input is trusted changed",
    line="{what}: untrusted is {after}",
    hits="Nobody has to do anything; reviewers look at how the text fences it.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(prompt="inputs: {tier: {type: string, default: a}}"),
            new=Example(prompt="inputs: {tier: {type: string, default: a, untrusted: true}}"),
        ),
    ),
)
