"""An entry was removed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="entry-removed",
    kinds=("entry-removed",),
    impact=Impact.BREAKING,
    headline="an entry was removed",
    line="{what} is gone",
    hits="Whoever asks for it by name fails; its releases stay.",
    compatible="deprecate it first, and retire it when nobody uses it",
    pairs=(
        Pair(
            old=Example(
                files={
                    "prompts/extra.prompt.yaml": "apiVersion: promptreg/v1\nkind: Prompt\nname: extra\nowner: team\nlifecycle: active\nrisk: low\nmessages: [{role: user, content: Extra}]\n"
                }
            ),
            new=Example(),
        ),
    ),
)
