"""A locale was removed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="locale-removed",
    kinds=("locale-removed",),
    impact=Impact.BEHAVIOURAL,
    headline="a locale was removed",
    line="there is no text for {before} any more",
    hits="Callers that ask for it get the text that it falls back to.",
    compatible="keep the locale",
    pairs=(
        Pair(
            old=Example(prompt="locales: {de: {messages: [{role: user, content: Hallo}]}}"),
            new=Example(),
        ),
    ),
)
