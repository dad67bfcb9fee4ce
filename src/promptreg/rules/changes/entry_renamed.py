"""An entry was renamed."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="entry-renamed",
    kinds=("entry-renamed",),
    impact=Impact.BREAKING,
    headline="an entry was renamed",
    line="{before} is called {after} from now on",
    hits="Whoever asks for the old name fails; its releases stay under that name.",
    compatible="keep the old name with `lifecycle: deprecated` and `replaced_by:`",
    pairs=(
        Pair(
            old=Example(
                files={
                    "prompts/extra.prompt.yaml": "apiVersion: promptreg/v1\nkind: Prompt\nname: extra\nowner: team\nlifecycle: active\nrisk: low\nmessages: [{role: user, content: Extra}]\n"
                }
            ),
            new=Example(
                files={
                    "prompts/other.prompt.yaml": "apiVersion: promptreg/v1\nkind: Prompt\nname: other\nrenamed_from: extra\nowner: team\nlifecycle: active\nrisk: low\nmessages: [{role: user, content: Extra}]\n"
                }
            ),
        ),
    ),
)
