"""An input takes one more optional property."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="input-property-added",
    kinds=("input-optional-property-added",),
    impact=Impact.ADDITIVE,
    headline="an input takes one more optional property",
    line="{what} may be passed",
    hits="Nobody has to do anything, unless a caller passed something else under that name.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(prompt="inputs: {order: {type: object, properties: {id: {type: string}}}}"),
            new=Example(
                prompt="inputs: {order: {type: object, properties: {id: {type: string}, note: {type: string}}}}"
            ),
        ),
    ),
)
