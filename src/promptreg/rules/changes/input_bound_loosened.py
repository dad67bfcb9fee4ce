"""An input is held to a looser bound."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="input-bound-loosened",
    kinds=(
        "input-bound-removed",
        "input-bound-loosened",
        "input-pattern-removed",
        "input-unique-items-removed",
    ),
    impact=Impact.ADDITIVE,
    headline="an input is held to a looser bound",
    line="{what} is {after}, was {before}",
    hits="Nobody has to do anything.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(prompt="inputs: {note: {type: string, maxLength: 100}}"),
            new=Example(prompt="inputs: {note: {type: string, maxLength: 500}}"),
        ),
    ),
    effects=frozenset({"widened", "none"}),
)
