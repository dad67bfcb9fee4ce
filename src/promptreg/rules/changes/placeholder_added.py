"""A placeholder has to be filled."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="placeholder-added",
    kinds=(
        "placeholder-added",
        "placeholder-became-required",
    ),
    impact=Impact.BREAKING,
    headline="a placeholder has to be filled",
    line="the messages {what} have to be passed from now on",
    hits="Callers that don't pass the messages fail before a model is asked.",
    compatible="say `required: false`",
    pairs=(
        Pair(
            old=Example(prompt="messages: [{role: user, content: Hello}]"),
            new=Example(prompt="messages: [{placeholder: history}, {role: user, content: Hello}]"),
        ),
    ),
)
