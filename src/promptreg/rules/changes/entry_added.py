"""An entry is new."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="entry-added",
    kinds=("entry-added",),
    impact=Impact.ADDITIVE,
    headline="an entry is new",
    line="{what} is new",
    hits="Nobody has to do anything.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(),
            new=Example(
                files={
                    "prompts/extra.prompt.yaml": "apiVersion: promptreg/v1\nkind: Prompt\nname: extra\nowner: team\nlifecycle: active\nrisk: low\nmessages: [{role: user, content: Extra}]\n"
                }
            ),
        ),
    ),
)
