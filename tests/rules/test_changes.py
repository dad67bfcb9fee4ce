"""Change rules: each by its own pairs, all of them over every pair, none missing."""

from __future__ import annotations

import pytest

from promptreg.checks.change_rule import ChangeRule, Impact
from promptreg.checks.example import Example
from promptreg.checks.verdicts import Verdict, judge
from promptreg.model.change import KINDS, Change, Direction, schema_kinds
from promptreg.model.schema_changes import Effect
from promptreg.model.version import Bump
from promptreg.registry.load import load
from promptreg.releases.comparing import Sides, compare_registries
from promptreg.rules.changes.builtin import CHANGE_RULES
from promptreg.store.trees import MemoryTree

PAIRS = [(rule, pair) for rule in CHANGE_RULES for pair in rule.pairs]
SIDES = [side for _, pair in PAIRS for side in (pair.old, pair.new)]
PAIRLESS = {
    "pin-changed": "what an agent pins is known only to a release; tests/releases shows it",
    "other-changed": "it stands for what no rule speaks of; tests/model shows what that is",
}


def verdicts(old: Example, new: Example) -> tuple[Verdict, ...]:
    before, after = old.tree(), new.tree()
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    trees = [
        MemoryTree({path: text.encode() for path, text in side.items()}) for side in (before, after)
    ]
    sides = Sides(load(trees[0]), load(trees[1]), frozenset(changed))
    for side in (sides.base, sides.head):
        assert not [one for one in side.findings if one.rule != "missing-tests"], side.findings
    return tuple(
        verdict
        for entry in compare_registries(sides)
        for verdict in judge(entry.changes, CHANGE_RULES)
    )


@pytest.mark.parametrize(("rule", "pair"), PAIRS, ids=[rule.id for rule, _ in PAIRS])
def test_a_pair_shows_its_rule(rule: ChangeRule, pair: object) -> None:
    found = verdicts(pair.old, pair.new)  # type: ignore[attr-defined]  # parametrize loses its type
    assert rule.id in {verdict.rule.id for verdict in found}
    assert max(verdict.impact.bump for verdict in found) >= rule.impact.bump


@pytest.mark.parametrize("side", SIDES)
def test_a_side_against_itself_is_silent(side: Example) -> None:
    assert verdicts(side, side) == ()


def test_every_rule_has_a_pair() -> None:
    assert {rule.id for rule in CHANGE_RULES if not rule.pairs} == set(PAIRLESS)


def test_there_are_enough_rules_in_order() -> None:
    ids = [rule.id for rule in CHANGE_RULES]
    assert ids == sorted(set(ids))
    assert len(ids) >= 30


OF_SCHEMAS = {kind for prefix in ("input", "output", "tool") for kind in schema_kinds(prefix)}
OURS_TOO = {"input-default-added", "input-default-changed", "input-default-removed"}
FACTS = [
    *((kind, effect.value) for kind in sorted(OF_SCHEMAS) for effect in Effect),
    *((kind, "") for kind in sorted((KINDS.keys() - OF_SCHEMAS) | OURS_TOO)),
]


@pytest.mark.parametrize(("kind", "effect"), FACTS)
def test_every_fact_is_judged(kind: str, effect: str) -> None:
    (verdict,) = judge([Change(kind, "a", effect=effect)], CHANGE_RULES)
    assert verdict.message


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_rule_speaks_of_one_direction_or_documentation(kind: str) -> None:
    rules = [rule for rule in CHANGE_RULES if kind in rule.kinds]
    assert rules
    if KINDS[kind].direction is Direction.DOCUMENTATION and len(rules[0].kinds) == 1:
        assert all(rule.impact in {Impact.DOCS, Impact.ADDITIVE} for rule in rules[:1])


@pytest.mark.parametrize("prefix", ["input", "output", "tool"])
@pytest.mark.parametrize("effect", [Effect.BOTH, Effect.UNKNOWN])
def test_what_cannot_be_decided_is_breaking(prefix: str, effect: Effect) -> None:
    kinds = [f"{prefix}-undecided", f"{prefix}-alternatives-changed", f"{prefix}-more-changed"]
    for kind in kinds:
        (verdict,) = judge([Change(kind, "a", effect=effect.value)], CHANGE_RULES)
        assert verdict.impact is Impact.BREAKING


def test_impacts_cost_what_the_design_says() -> None:
    assert [impact.bump for impact in Impact] == [Bump.MAJOR, Bump.MINOR, Bump.MINOR, Bump.PATCH]


def test_a_fact_without_a_rule_is_never_passed_over() -> None:
    with pytest.raises(LookupError, match="text-changed"):
        judge([Change("text-changed", "a")], ())
