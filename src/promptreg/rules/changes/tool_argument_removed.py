"""An argument of a tool may be missing."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="tool-argument-removed",
    kinds=(
        "tool-required-property-removed",
        "tool-optional-property-removed",
        "tool-property-became-optional",
    ),
    impact=Impact.BREAKING,
    headline="an argument of a tool may be missing",
    line="{what} may be missing from now on",
    hits="Whoever runs the tool misses the argument.",
    compatible="keep the argument required",
    pairs=(
        Pair(
            old=Example(
                prompt="tools: [{name: refund, parameters: {type: object, properties: {amount: {type: number}, reason: {type: string}}}}]"
            ),
            new=Example(
                prompt="tools: [{name: refund, parameters: {type: object, properties: {amount: {type: number}}}}]"
            ),
        ),
    ),
)
