"""Rules over a registry: a broken rule is never a pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import ClassVar

import pytest

from promptreg.checks.context import Context
from promptreg.checks.engine import RuleFailed, run
from promptreg.checks.example import Example, Good
from promptreg.checks.rule import EntryRule, Rule, on
from promptreg.errors import PromptregError
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding, Location, Severity
from promptreg.registry.load import load
from promptreg.rules.builtin import BUILTIN
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


class Curious(Shouting):
    """Looks where it may not."""

    look: ClassVar[Callable[[Context], object]]

    def check_entry(self, entry: Entry, context: Context) -> Iterator[Finding]:
        if type(self).look(context):
            yield self.finding("seen", on(entry))


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


@pytest.mark.parametrize(
    "look",
    [
        lambda context: context.today.isoformat(),
        lambda context: context.today > "2026-01-01",
        lambda context: context.released.get("greeting"),
        lambda context: context.released or {},
        lambda context: context.snapshot.entries.get("other"),
        lambda context: "other" in context.snapshot.entries,
        lambda context: len(context.snapshot.entries),
        lambda context: context.snapshot.closures["other"],
        lambda context: "a.md" in context.snapshot.files,
        lambda context: list(context.snapshot.documents),
        lambda context: context.snapshot.texts["promptreg.yaml"],
        lambda context: context.snapshot.configuration.owners,
        lambda context: context.snapshot.environments == {},
        lambda context: context.snapshot.expected_names,
        lambda context: dict(context.snapshot.duplicates),
        lambda context: list(context.documents("Environment")),
    ],
)
def test_a_rule_that_sees_one_entry_sees_nothing_else(
    context: Context, look: Callable[[Context], object]
) -> None:
    class Looks(Curious):
        """Looks."""

    Looks.look = staticmethod(look)
    with pytest.raises(RuleFailed, match=r"shouting"):
        run([Looks], context)
    Looks.sees_one_entry = False
    Looks.look = staticmethod(lambda _: True)
    assert len(run([Looks], context)) == 2


@pytest.mark.parametrize("rule", BUILTIN, ids=lambda rule: rule.id)
def test_every_rule_finds_in_one_entry_what_it_finds_in_the_whole(rule: type[Rule]) -> None:
    for example in (one for other in BUILTIN for one in other.examples):
        snapshot = load(MemoryTree(example.tree())).snapshot
        whole = Context(snapshot, date(2026, 1, 1), judge)
        assert set(run([rule], whole)) == set(rule().check(whole))


def test_which_rules_look_further_than_one_entry() -> None:
    """A change of this list changes what is kept of prompts: see docs/cache.md."""
    assert [one.id for one in BUILTIN if one.sees_one_entry] == [
        "input-name-conflict", "input-without-description", "invalid-default", "invalid-pattern",
        "invalid-schema", "invalid-test-inputs", "missing-description", "missing-tests",
        "sunset-without-deprecation", "unknown-locale", "unused-input",
    ]  # fmt: skip
