"""The output's schema says the same in other words."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example
from promptreg.model.change import schema_kinds

RULE = ChangeRule(
    id="output-restated",
    kinds=schema_kinds("output"),
    impact=Impact.BEHAVIOURAL,
    headline="the output's schema says the same in other words",
    line="{what} says the same otherwise",
    hits="The model reads the schema, so answers may change.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(
                prompt="output: {schema: {type: object, properties: {queue: {type: string, description: A queue.}}}}"
            ),
            new=Example(
                prompt="output: {schema: {type: object, properties: {queue: {type: string, description: The queue that answers.}}}}"
            ),
        ),
    ),
    effects=frozenset({"none"}),
)
