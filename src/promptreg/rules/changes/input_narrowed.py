"""An input accepts less, or it can't be decided whether it does."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example
from promptreg.model.change import schema_kinds

RULE = ChangeRule(
    id="input-narrowed",
    kinds=schema_kinds("input"),
    impact=Impact.BREAKING,
    headline="an input accepts less, or it can't be decided whether it does",
    line="{what} changed in a way that may refuse what it took",
    hits="Callers may be refused.",
    compatible="accept what was accepted before",
    pairs=(
        Pair(
            old=Example(prompt="inputs: {tier: {anyOf: [{type: string}, {type: integer}]}}"),
            new=Example(prompt="inputs: {tier: {anyOf: [{type: string}]}}"),
        ),
    ),
    effects=frozenset({"narrowed", "both", "unknown"}),
)
