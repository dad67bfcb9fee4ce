"""An input refuses properties that aren't listed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="input-object-closed",
    kinds=(
        "input-additional-properties-forbidden",
        "input-additional-properties-changed",
        "input-property-names-added",
        "input-pattern-property-added",
    ),
    impact=Impact.BREAKING,
    headline="an input refuses properties that aren't listed",
    line="{what} is {after}, was {before}",
    hits="Callers that pass other properties are refused.",
    compatible="leave the object open",
    pairs=(
        Pair(
            old=Example(prompt="inputs: {order: {type: object, properties: {id: {type: string}}}}"),
            new=Example(
                prompt="inputs: {order: {type: object, properties: {id: {type: string}}, additionalProperties: false}}"
            ),
        ),
    ),
)
