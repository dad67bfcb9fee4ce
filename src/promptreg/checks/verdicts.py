"""Judging facts by change rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from promptreg.checks.change_rule import ChangeRule, Factual, Impact
from promptreg.model.version import Bump


@dataclass(frozen=True, slots=True)
class Verdict:
    """A fact and the rule that says what it costs."""

    rule: ChangeRule
    change: Factual

    @property
    def impact(self) -> Impact:
        """What the change means at the least."""
        return self.rule.impact

    @property
    def message(self) -> str:
        """The sentence for this fact."""
        return self.rule.message(self.change)


def judge(changes: Iterable[Factual], rules: Iterable[ChangeRule]) -> tuple[Verdict, ...]:
    """One verdict for each fact, in their order.

    Raises LookupError for a fact that no rule judges: a rule is missing, which is never a pass.
    """
    by_kind: dict[str, list[ChangeRule]] = {}
    for rule in sorted(rules, key=lambda rule: len(rule.kinds)):
        for kind in rule.kinds:
            by_kind.setdefault(kind, []).append(rule)
    return tuple(Verdict(_rule_for(change, by_kind), change) for change in changes)


def required_bump(verdicts: Iterable[Verdict]) -> Bump:
    """The least bump that covers all verdicts; NONE where there are none."""
    return max((verdict.impact.bump for verdict in verdicts), default=Bump.NONE)


def _rule_for(change: Factual, by_kind: dict[str, list[ChangeRule]]) -> ChangeRule:
    for rule in by_kind.get(change.kind, ()):
        if rule.judges(change):
            return rule
    effect = f" with the effect {change.effect}" if change.effect else ""
    raise LookupError(f"no change rule judges `{change.kind}`{effect}")
