"""A manifest moved to another file."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="entry-moved",
    kinds=("entry-moved",),
    impact=Impact.DOCS,
    headline="a manifest moved to another file",
    line="{after} was {before}",
    hits="Nobody has to do anything: the name is the same.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(
                files={
                    "prompts/extra.prompt.yaml": "apiVersion: promptreg/v1\nkind: Prompt\nname: extra\nowner: team\nlifecycle: active\nrisk: low\nmessages: [{role: user, content: Extra}]\n"
                }
            ),
            new=Example(
                files={
                    "prompts/extra/prompt.yaml": "apiVersion: promptreg/v1\nkind: Prompt\nname: extra\nowner: team\nlifecycle: active\nrisk: low\nmessages: [{role: user, content: Extra}]\n"
                }
            ),
        ),
    ),
)
