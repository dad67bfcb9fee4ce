"""What a rule's page promises: its examples."""

from __future__ import annotations

from datetime import date

import pytest

from promptreg.checks.example import Bad, Example
from promptreg.checks.report import Report
from promptreg.checks.rule import Rule
from promptreg.commands.validate import Request, validate_tree
from promptreg.model.data import format_route
from promptreg.model.finding import Finding
from promptreg.rules.builtin import BUILTIN
from promptreg.store.trees import MemoryTree

TODAY = date(2026, 1, 1)
HYGIENE = {"input-without-description", "missing-description", "missing-tests"}
"""Findings that small examples are allowed to have beside their own."""

EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.id}-{index}")
    for rule in BUILTIN
    for index, example in enumerate(rule.examples)
]


def _report(example: Example) -> Report:
    return validate_tree(MemoryTree(example.tree()), Request(TODAY), example.known)


def _place(finding: Finding) -> str:
    at = finding.at
    if at.route:
        return f"{at.path}:{format_route(at.route)}"
    is_template = at.path.endswith(".j2") and at.place is not None
    return f"{at.path}:{at.place.line}:{at.place.column}" if is_template and at.place else at.path


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_an_example_is_found_or_passes_as_it_says(rule: type[Rule], example: Example) -> None:
    found = [
        finding
        for finding in _report(example).findings
        if finding.rule == rule.id or finding.rule not in HYGIENE
    ]
    said = [(finding.rule, _place(finding)) for finding in found]
    assert said == ([(rule.id, example.at)] if isinstance(example, Bad) else [])


@pytest.mark.parametrize("rule", BUILTIN, ids=lambda rule: rule.id)
def test_a_rule_has_an_example_of_each_kind(rule: type[Rule]) -> None:
    assert {isinstance(example, Bad) for example in rule.examples} == {True, False}


@pytest.mark.parametrize("rule", BUILTIN, ids=lambda rule: rule.id)
def test_a_finding_has_its_place_its_entry_and_its_rule(rule: type[Rule]) -> None:
    for example in rule.examples:
        for finding in _report(example).findings:
            if isinstance(example, Bad) and finding.rule == rule.id:
                assert finding.at.path in example.tree()
                assert finding.severity is rule.severity
