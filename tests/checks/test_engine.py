"""Rules over a registry: a broken rule is never a pass."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from promptreg.checks.context import Context
from promptreg.checks.engine import RuleFailed, run
from promptreg.checks.example import Example, Good
from promptreg.checks.rule import EntryRule, Rule, on
from promptreg.errors import PromptregError
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding, Location, Severity
from promptreg.registry.load import load
from promptreg.store.schema import judge
from promptreg.store.trees import MemoryTree


@pytest.fixture
def context() -> Context:
    tree = Example(agent="prompts: {hello: greeting}").tree()
    return Context(load(MemoryTree(tree)).snapshot, date(2026, 1, 1), judge)


class Shouting(EntryRule):
    """An entry is there.

    Why: it is
    loud.
    Fix: be quiet.
    """

    id = "shouting"
    severity = Severity.INFO
    since = "0.1"
    examples = (Good(),)

    def check_entry(self, entry: Entry, context: Context) -> Iterator[Finding]:
        yield self.finding("here", on(entry, "name"), key="a", fix="hush")
        yield self.finding("worse", on(entry), severity=Severity.ERROR)


class Impostor(Rule):
    """Speaks for another."""

    id = "impostor"
    severity = Severity.ERROR
    since = "0.1"
    examples = (Good(),)

    def check(self, context: Context) -> Iterator[Finding]:
        yield Finding("shouting", Severity.ERROR, "no", Location("x"))


class Broken(Impostor):
    """Raises half way."""

    id = "broken"

    def check(self, context: Context) -> Iterator[Finding]:
        yield self.finding("first", Location("x"))
        raise KeyError("oops")


class Unwilling(Impostor):
    """Raises what elsewhere means that the user is wrong."""

    id = "unwilling"

    def check(self, context: Context) -> Iterator[Finding]:
        raise PromptregError("not here")
        yield  # type: ignore[unreachable]  # makes it a generator


def test_findings_carry_the_entry_and_what_the_rule_says(context: Context) -> None:
    found = run((Shouting,), context)
    assert [(one.entry, one.at.path, one.at.route, one.severity) for one in found] == [
        ("greeting", "prompts/greeting.prompt.yaml", ("name",), Severity.INFO),
        ("greeting", "prompts/greeting.prompt.yaml", (), Severity.ERROR),
        ("helper", "agents/helper.agent.yaml", ("name",), Severity.INFO),
        ("helper", "agents/helper.agent.yaml", (), Severity.ERROR),
    ]
    assert (found[0].key, found[0].fix, found[0].message) == ("a", "hush", "here")


def test_a_docstring_becomes_a_description() -> None:
    said = Shouting.description()
    assert (said.summary, said.why, said.fix) == ("An entry is there.", "it is loud.", "be quiet.")
    assert (said.id, said.severity, said.since) == ("shouting", Severity.INFO, "0.1")


@pytest.mark.parametrize("rule", [Broken, Unwilling, Impostor])
def test_a_rule_that_fails_is_a_bug_that_names_it(rule: type[Rule], context: Context) -> None:
    with pytest.raises(RuleFailed, match=f"the rule `{rule.id}`"):
        run((Shouting, rule), context)


def test_the_bug_leads_to_the_line_of_the_rule(context: Context) -> None:
    with pytest.raises(RuleFailed) as caught:
        run((Broken,), context)
    assert isinstance(caught.value.__cause__, KeyError)
    assert any(str(entry.path) == __file__ for entry in caught.traceback[1:])
