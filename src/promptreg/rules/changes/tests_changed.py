"""The tests changed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="tests-changed",
    kinds=("tests-changed",),
    impact=Impact.DOCS,
    headline="the tests changed",
    line="the tests changed",
    hits="Nobody has to do anything.",
    compatible="it is compatible",
    pairs=(
        Pair(old=Example(), new=Example(prompt="tests: [{name: a, expect: [{contains: Hello}]}]")),
    ),
)
