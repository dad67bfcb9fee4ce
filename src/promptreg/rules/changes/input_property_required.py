"""A property of an input became required."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="input-property-required",
    kinds=(
        "input-required-property-added",
        "input-property-became-required",
        "input-dependency-added",
    ),
    impact=Impact.BREAKING,
    headline="a property of an input became required",
    line="{what} has to be there from now on",
    hits="Callers that pass objects without it are refused.",
    compatible="leave it optional and let the text cope without it",
    pairs=(
        Pair(
            old=Example(
                prompt="inputs: {order: {type: array, items: {type: object, properties: {id: {type: string}}}}}"
            ),
            new=Example(
                prompt="inputs: {order: {type: array, items: {type: object, properties: {id: {type: string}}, required: [id]}}}"
            ),
        ),
    ),
)
