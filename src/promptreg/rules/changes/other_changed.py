"""The manifest changed where no other rule looks."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact

RULE = ChangeRule(
    id="other-changed",
    kinds=("other-changed",),
    impact=Impact.BEHAVIOURAL,
    headline="the manifest changed where no other rule looks",
    line="something changed that no other rule speaks of",
    hits="It can't be decided; it counts as a change of behaviour.",
    compatible="`promptreg diff` shows it",
    pairs=(),
)
