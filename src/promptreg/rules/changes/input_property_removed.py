"""A property of an input was removed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="input-property-removed",
    kinds=(
        "input-required-property-removed",
        "input-optional-property-removed",
    ),
    impact=Impact.BREAKING,
    headline="a property of an input was removed",
    line="{what} is gone",
    hits="Callers that pass it are refused, or see it ignored.",
    compatible="keep the property and say in its description that it is ignored",
    pairs=(
        Pair(
            old=Example(
                prompt="inputs: {order: {type: object, properties: {id: {type: string}, note: {type: string}}}}"
            ),
            new=Example(prompt="inputs: {order: {type: object, properties: {id: {type: string}}}}"),
        ),
    ),
)
