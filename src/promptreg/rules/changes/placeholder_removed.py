"""A placeholder was removed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="placeholder-removed",
    kinds=("placeholder-removed",),
    impact=Impact.BREAKING,
    headline="a placeholder was removed",
    line="the messages {before} are refused from now on",
    hits="Callers that pass the messages fail: unknown inputs are refused.",
    compatible="keep it with `required: false`",
    pairs=(
        Pair(
            old=Example(prompt="messages: [{placeholder: history}, {role: user, content: Hello}]"),
            new=Example(prompt="messages: [{role: user, content: Hello}]"),
        ),
    ),
)
