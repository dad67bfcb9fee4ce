"""A placeholder may be filled."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="optional-placeholder-added",
    kinds=(
        "optional-placeholder-added",
        "placeholder-became-optional",
    ),
    impact=Impact.ADDITIVE,
    headline="a placeholder may be filled",
    line="the messages {what} may be passed",
    hits="Nobody has to do anything.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(prompt="messages: [{role: user, content: Hello}, {placeholder: history}]"),
            new=Example(
                prompt="messages: [{role: user, content: Hello}, {placeholder: history, required: false}]"
            ),
        ),
    ),
)
