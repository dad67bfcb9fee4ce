"""A tool gets one more argument."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="tool-argument-added",
    kinds=(
        "tool-required-property-added",
        "tool-optional-property-added",
        "tool-property-became-required",
    ),
    impact=Impact.ADDITIVE,
    headline="a tool gets one more argument",
    line="{what} may be there",
    hits="Whoever runs the tool has to accept it.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(
                prompt="tools: [{name: refund, parameters: {type: object, properties: {amount: {type: number}}}}]"
            ),
            new=Example(
                prompt="tools: [{name: refund, parameters: {type: object, properties: {amount: {type: number}, reason: {type: string}}}}]"
            ),
        ),
    ),
)
