"""A locale was added."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="locale-added",
    kinds=("locale-added",),
    impact=Impact.ADDITIVE,
    headline="a locale was added",
    line="there is a text for {after}",
    hits="Callers that ask for it got the text it falls back to, and get its own now.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(),
            new=Example(prompt="locales: {de: {messages: [{role: user, content: Hallo}]}}"),
        ),
    ),
)
