"""A prompt became an agent, or the reverse."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="kind-changed",
    kinds=("kind-changed",),
    impact=Impact.BREAKING,
    headline="a prompt became an agent, or the reverse",
    line="it is {after}, was {before}",
    hits="Whoever uses it as what it was fails.",
    compatible="give the new one a name of its own",
    pairs=(
        Pair(
            old=Example(
                files={
                    "prompts/extra.prompt.yaml": "apiVersion: promptreg/v1\nkind: Prompt\nname: extra\nowner: team\nlifecycle: active\nrisk: low\nmessages: [{role: user, content: Extra}]\n"
                }
            ),
            new=Example(
                files={
                    "agents/extra.agent.yaml": "apiVersion: promptreg/v1\nkind: Agent\nname: extra\nowner: team\nlifecycle: active\nrisk: low\n"
                }
            ),
        ),
    ),
)
