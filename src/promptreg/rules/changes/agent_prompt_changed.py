"""An agent uses other prompts."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="agent-prompt-changed",
    kinds=(
        "agent-prompt-added",
        "agent-prompt-removed",
        "agent-prompt-changed",
    ),
    impact=Impact.BEHAVIOURAL,
    headline="an agent uses other prompts",
    line="{what} is {after}, was {before}",
    hits="The agent may act otherwise.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(agent="prompts: {reply: greeting}"),
            new=Example(agent="prompts: {reply: greeting@^1.0}"),
        ),
    ),
)
