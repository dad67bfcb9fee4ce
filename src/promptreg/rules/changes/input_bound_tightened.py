"""An input is held to a tighter bound."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="input-bound-tightened",
    kinds=(
        "input-bound-added",
        "input-bound-tightened",
        "input-bound-changed",
        "input-pattern-added",
        "input-pattern-changed",
        "input-unique-items-added",
    ),
    impact=Impact.BREAKING,
    headline="an input is held to a tighter bound",
    line="{what} is {after}, was {before}",
    hits="Callers that pass what the new bound excludes are refused.",
    compatible="shorten or clamp the value in the template",
    pairs=(
        Pair(
            old=Example(prompt="inputs: {note: {type: string, maxLength: 500}}"),
            new=Example(prompt="inputs: {note: {type: string, maxLength: 100}}"),
        ),
    ),
)
