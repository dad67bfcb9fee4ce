"""An agent works in other steps."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="steps-changed",
    kinds=(
        "step-added",
        "step-removed",
        "step-changed",
    ),
    impact=Impact.BEHAVIOURAL,
    headline="an agent works in other steps",
    line="{what} changed",
    hits="The agent may act otherwise.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(agent="prompts: {reply: greeting}\nsteps: [{name: a, prompt: reply}]"),
            new=Example(
                agent="prompts: {reply: greeting}\nsteps: [{name: a, prompt: reply}, {name: b, prompt: reply}]"
            ),
        ),
    ),
)
