"""The table of rules and the catalogue agree with the code."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

import promptreg
from promptreg.checks.catalog import READERS
from promptreg.checks.rule import Rule
from promptreg.rules.builtin import BUILTIN, descriptions

SOURCE = Path(promptreg.__file__).parent
ID = re.compile(r"[a-z]+[a-z0-9]*(-[a-z0-9]+)*")
MAKERS = {"Finding", "FileProblem", "Problem", "TemplateProblem", "_finding", "_problem", "_reader"}
"""Functions and classes whose first argument, or `rule=`, is a rule id."""


def test_tables_are_sorted_and_disjoint() -> None:
    ids = [rule.id for rule in BUILTIN]
    readers = [one.id for one in READERS]
    assert ids == sorted(ids)
    assert readers == sorted(readers)
    assert len({*ids, *readers}) == len(ids) + len(readers)


def test_every_rule_class_is_in_the_table() -> None:
    files = {path.stem for path in (SOURCE / "rules").glob("*.py")}
    named = {rule.id.replace("-", "_") for rule in BUILTIN}
    assert files - named == {"__init__", "builtin", "template_problem_rule"}


@pytest.mark.parametrize("id_", descriptions())
def test_a_description_says_why_and_how_to_mend(id_: str) -> None:
    one = descriptions()[id_]
    assert ID.fullmatch(one.id)
    assert one.summary.endswith(".")
    assert one.why.endswith(".")
    assert one.fix.endswith(".")


@pytest.mark.parametrize("rule", BUILTIN, ids=lambda rule: rule.id)
def test_a_rule_lies_in_the_file_named_after_it(rule: type[Rule]) -> None:
    assert Path(inspect.getfile(rule)).stem == rule.id.replace("-", "_")
    assert rule.__name__ == "".join(word.title() for word in rule.id.split("-"))


def test_every_id_that_the_code_emits_is_described() -> None:
    trees = {path: ast.parse(path.read_text("utf-8")) for path in SOURCE.rglob("*.py")}
    constants = {name: text for tree in trees.values() for name, text in _constants(tree)}
    emitted = {id_: path for path, tree in trees.items() for id_ in _emitted(tree, constants)}
    seen = {"yaml-syntax", "not-utf8", "schema-violation", "unreadable-file", "bad-file-name"}
    assert emitted.keys() >= seen
    unknown = {id_: path.name for id_, path in emitted.items() if id_ not in descriptions()}
    assert unknown == {}


def _constants(tree: ast.Module) -> list[tuple[str, str]]:
    return [
        (_name(node.targets[0]), text)
        for node in tree.body
        if isinstance(node, ast.Assign)
        for text in _texts(node.value, {})[:1]
    ]


def _emitted(tree: ast.Module, constants: dict[str, str]) -> set[str]:
    """Texts with a hyphen that are passed as a rule id, or assigned to `rule`."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in MAKERS:
            passed = [*node.args[:1], *(one.value for one in node.keywords if one.arg == "rule")]
            found |= {text for value in passed for text in _texts(value, constants)}
        if isinstance(node, ast.Assign) and any(_assigns_rule(one) for one in node.targets):
            found |= set(_texts(node.value, constants))
    return {text for text in found if "-" in text and ID.fullmatch(text)}


def _assigns_rule(target: ast.expr) -> bool:
    targets = target.elts if isinstance(target, ast.Tuple) else [target]
    return any(_name(one) == "rule" for one in targets)


def _name(node: ast.expr) -> str:
    return str(getattr(node, "id", getattr(node, "attr", "")))


def _texts(node: ast.expr, constants: dict[str, str]) -> list[str]:
    found = [constants.get(one.id, "") for one in ast.walk(node) if isinstance(one, ast.Name)]
    return found + [
        one.value
        for one in ast.walk(node)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]
