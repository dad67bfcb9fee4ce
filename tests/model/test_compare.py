"""Facts between two sides, and what they cost."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from promptreg.checks.verdicts import judge
from promptreg.checks.verdicts import required_bump as highest
from promptreg.model.change import KINDS, Change
from promptreg.model.compare import compare
from promptreg.model.data import Json, Route
from promptreg.model.entry import Entry
from promptreg.model.schema_changes import SCHEMA_KINDS
from promptreg.model.version import Bump
from promptreg.rules.changes.builtin import CHANGE_RULES

if TYPE_CHECKING:
    from tests.model.conftest import Maker

Mutate = Callable[[Entry, list[Route]], Entry]
Places = Callable[[Json], list[Route]]


def required_bump(facts: tuple[Change, ...]) -> Bump:
    return highest(judge(facts, CHANGE_RULES))


M = "messages: [{role: user, content: Hello}]\n"
OBJECT = "{type: object, properties: {a: {type: string}}}"
CASES = [
    # base, head, kinds, bump
    ("", "description: Other.", "metadata-changed", Bump.PATCH),
    ("", "labels: {a: b}", "metadata-changed", Bump.PATCH),
    ("", "x-own: 1", "metadata-changed", Bump.PATCH),
    ("", "tests: [{name: t, expect: [{contains: H}]}]", "tests-changed", Bump.PATCH),
    ("", "inputs: {a: {type: string}}", "required-input-added", Bump.MAJOR),
    ("", "inputs: {a: {type: string, required: false}}", "input-added", Bump.MINOR),
    ("", "inputs: {a: {type: string, default: x}}", "input-added", Bump.MINOR),
    ("inputs: {a: {type: string}}", "", "input-removed", Bump.MAJOR),
    ("inputs: {a: {default: x}}", "", "input-removed", Bump.MAJOR),
    (
        "inputs: {a: {default: x}}",
        "inputs: {a: {}}",
        "input-became-required input-default-removed",
        Bump.MAJOR,
    ),
    (
        "inputs: {a: {}}",
        "inputs: {a: {default: x}}",
        "input-became-optional input-default-added",
        Bump.MINOR,
    ),
    ("inputs: {a: {}}", "inputs: {a: {required: false}}", "input-became-optional", Bump.MINOR),
    (
        "inputs: {a: {required: false}}",
        "inputs: {a: {required: false, default: x}}",
        "input-default-added",
        Bump.MINOR,
    ),
    (
        "inputs: {a: {required: false, default: x}}",
        "inputs: {a: {required: false}}",
        "input-default-removed",
        Bump.MAJOR,
    ),
    (
        "inputs: {a: {default: 1}}",
        "inputs: {a: {default: true}}",
        "input-default-changed",
        Bump.MINOR,
    ),
    (
        "inputs: {a: {type: string}}",
        "inputs: {a: {type: integer}}",
        "input-type-changed",
        Bump.MAJOR,
    ),
    (
        "inputs: {a: {enum: [a, b]}}",
        "inputs: {a: {enum: [a]}}",
        "input-enum-value-removed",
        Bump.MAJOR,
    ),
    (
        "inputs: {a: {enum: [1]}}",
        "inputs: {a: {enum: [true]}}",
        "input-enum-value-removed input-enum-value-added",
        Bump.MAJOR,
    ),
    ("inputs: {a: {}}", "inputs: {a: {description: D}}", "input-described", Bump.PATCH),
    ("inputs: {a: {}}", "inputs: {a: {required: true}}", "input-restated", Bump.PATCH),
    (
        M,
        "messages: [{role: user, content: Hello}, {placeholder: h}]",
        "placeholder-added roles-changed",
        Bump.MAJOR,
    ),
    (
        "messages: [{role: user, content: Hello}, {placeholder: h, required: false}]",
        "messages: [{role: user, content: Hello}, {placeholder: h}]",
        "placeholder-became-required",
        Bump.MAJOR,
    ),
    (
        "messages: [{role: user, content: Hello}, {placeholder: h}]",
        "messages: [{role: user, content: Hello}, {placeholder: h, description: D}]",
        "metadata-changed",
        Bump.PATCH,
    ),
    ("", "output: {schema: {type: object}}", "output-added", Bump.MAJOR),
    ("", "tools: [{name: t}]", "tool-added", Bump.MINOR),
    ("tools: [{name: t}]", "", "tool-removed", Bump.MAJOR),
    ("tools: [{name: t}]", "tools: [{name: t, strict: true}]", "tool-setting-changed", Bump.MINOR),
    ("tools: [{name: t}, {name: u}]", "tools: [{name: u}, {name: t}]", "other-changed", Bump.MINOR),
    (M, "messages: [{role: user, content: Bye}]", "text-changed", Bump.MINOR),
    (
        M,
        "messages: [{role: system, content: Hello}]",
        "roles-changed text-changed",
        Bump.MAJOR,
    ),
    (M, "messages: [{role: user, content: Hello, name: x}]", "message-detail-changed", Bump.MINOR),
    (M, "messages: [{role: user, content: Hello, x-a: 1}]", "other-changed", Bump.MINOR),
    ("", "model: {name: m}", "model-changed", Bump.MINOR),
    (
        "model: {name: m, parameters: {temperature: 0}}",
        "model: {name: m, parameters: {temperature: 1}}",
        "model-changed",
        Bump.MINOR,
    ),
    ("model: {name: m}", "model: {name: m, parameters: {}}", "other-changed", Bump.MINOR),
    ("", "locales: {de: {messages: [{role: user, content: H}]}}", "locale-added", Bump.MINOR),
    ("locales: {de: {messages: [{role: user, content: H}]}}", "", "locale-removed", Bump.MINOR),
    (
        "locales: {de: {messages: [{role: user, content: H}]}}",
        "locales: {de: {messages: [{role: user, content: I}]}}",
        "text-changed",
        Bump.MINOR,
    ),
    (
        "locales: {de: {messages: [{role: user, content: H}]}}",
        "locales: {de: {messages: [{role: user, content: H}], description: D}}",
        "metadata-changed",
        Bump.PATCH,
    ),
]


@pytest.mark.parametrize(("base", "head", "kinds", "bump"), CASES)
def test_a_change_of_a_prompt(prompt: Maker, base: str, head: str, kinds: str, bump: Bump) -> None:
    facts = compare(prompt(base), prompt(head))
    assert {fact.kind for fact in facts} == set(kinds.split())
    assert required_bump(facts) == bump


@pytest.mark.parametrize(
    ("head", "kind", "bump"),
    [
        ('prompts: {a: "b@^1.0"}', "agent-prompt-added", Bump.MINOR),
        ("budget: {steps: 3}", "budget-added", Bump.MINOR),
        ("success_metrics: [{name: m}]", "metric-added", Bump.PATCH),
        ("purpose: P", "metadata-changed", Bump.PATCH),
        ("tools: [{name: t}]", "tool-added", Bump.MINOR),
        ("model: {name: m, fallbacks: [n]}", "model-changed", Bump.MINOR),
    ],
)
def test_a_change_of_an_agent(agent: Maker, head: str, kind: str, bump: Bump) -> None:
    facts = compare(agent(), agent(head))
    assert ({fact.kind for fact in facts}, required_bump(facts)) == ({kind}, bump)


def test_a_prompt_that_becomes_an_agent_breaks_its_callers(prompt: Maker, agent: Maker) -> None:
    assert required_bump(compare(prompt(), agent())) == Bump.MAJOR
    assert required_bump(compare(agent(), prompt())) == Bump.MAJOR


TEMPLATED = "messages: [{role: user, template: t.j2}]"


def test_a_template_that_changes_is_told_with_its_text(prompt: Maker) -> None:
    one = prompt(TEMPLATED, {"prompts/t.j2": "Hello"})
    two = prompt(TEMPLATED, {"prompts/t.j2": "Bye"})
    (fact,) = compare(one, two)
    assert (fact.kind, fact.before, fact.after) == ("text-changed", "Hello", "Bye")


def test_line_ends_are_no_change(prompt: Maker) -> None:
    one = prompt(TEMPLATED, {"prompts/t.j2": "a\nb\n"})
    two = prompt(TEMPLATED, {"prompts/t.j2": "a\r\nb\r\n"})
    assert compare(one, two) == ()
    assert one.digest() == two.digest()


def test_a_partial_counts_for_who_reaches_it(prompt: Maker) -> None:
    files = {"prompts/t.j2": "{% include 'p.j2' %}", "partials/p.j2": "{% include 'q.j2' %}"}
    facts = compare(
        prompt(TEMPLATED, {**files, "partials/q.j2": "1"}),
        prompt(TEMPLATED, {**files, "partials/q.j2": "2"}),
    )
    assert [(fact.kind, fact.path) for fact in facts] == [("partial-changed", "partials/q.j2")]


@pytest.mark.parametrize("moved", ["partials/t.j2", "t.j2"])
def test_a_template_that_moves_is_documentation(prompt: Maker, moved: str) -> None:
    facts = compare(
        prompt(TEMPLATED, {"prompts/t.j2": "Hello"}), prompt(TEMPLATED, {moved: "Hello"})
    )
    assert [fact.kind for fact in facts] == ["template-moved"]


def test_text_that_moves_into_a_file_is_documentation(prompt: Maker) -> None:
    facts = compare(prompt(M), prompt(TEMPLATED, {"prompts/t.j2": "Hello"}))
    assert [fact.kind for fact in facts] == ["template-moved"]


def test_a_manifest_that_moves(prompt: Maker) -> None:
    facts = compare(prompt(), prompt(path="prompts/a/prompt.yaml"))
    assert [fact.kind for fact in facts] == ["entry-moved"]


def test_one_more_message_does_not_shift_the_others(prompt: Maker) -> None:
    base = prompt("messages: [{role: user, content: A}]")
    head = prompt("messages: [{role: system, content: S}, {role: user, content: A}]")
    texts = [fact for fact in compare(base, head) if fact.kind == "text-changed"]
    assert [(fact.before, fact.after) for fact in texts] == [("", "S")]


def test_what_facts_do_not_tell_is_never_covered_by_what_they_tell(prompt: Maker) -> None:
    base = prompt(M)
    head = prompt("description: D\nmessages: [{role: user, content: Hello, x-a: 1}]")
    assert required_bump(compare(base, head)) == Bump.MINOR


def test_a_placeholder_of_one_locale_counts(prompt: Maker) -> None:
    def with_locale(required: str) -> Entry:
        return prompt(
            "messages: [{role: user, content: H}, {placeholder: p}]\n"
            f"locales: {{de: {{messages: [{{role: user, content: H}}, {{placeholder: p{required}}}]}}}}"
        )

    assert compare(with_locale(""), with_locale(", required: false")) != ()
    assert compare(with_locale(", required: false"), with_locale("")) != ()


def test_an_entry_that_comes_or_goes(prompt: Maker) -> None:
    one = prompt()
    assert compare(None, None) == ()
    assert [fact.kind for fact in compare(None, one)] == ["entry-added"]
    assert [fact.kind for fact in compare(one, None)] == ["entry-removed"]


def test_every_kind_is_named_as_it_is_listed() -> None:
    assert all(name == kind.name for name, kind in KINDS.items())
    assert required_bump(()) == Bump.NONE
    assert Change("text-changed", "a").group == "messages"


def test_an_entry_does_not_differ_from_itself(examples: tuple[Entry, ...]) -> None:
    for entry in examples:
        same = Entry(
            entry.path, entry.manifest, copy.deepcopy(entry.data), entry.templates, entry.resolved
        )
        assert compare(entry, same) == ()


def test_every_leaf_of_the_examples_counts(
    examples: tuple[Entry, ...], places: Places, mutate: Mutate
) -> None:
    seen = set()
    for entry in examples:
        for route in places(entry.data):
            shape = (entry.kind, *(step if isinstance(step, str) else 0 for step in route))
            head = entry if shape in seen else mutate(entry, [route])
            seen.add(shape)
            if head.data != entry.data:
                assert compare(entry, head), (entry.name, route)
                assert compare(head, entry), (entry.name, route)
                assert head.digest() != entry.digest()


def test_every_key_of_the_examples_counts(
    examples: tuple[Entry, ...],
    places: Places,
    remake: Callable[[Entry, dict[str, Json]], Entry],
) -> None:
    """An extension key beside any other is a change, and a dropped optional key too."""
    for entry in examples:
        for route in {route[:length] for route in places(entry.data) for length in (1, 2, 3, 4)}:
            data = copy.deepcopy(entry.data)
            holder: Any = data
            for step in route:
                holder = holder[step]
            if isinstance(holder, dict) and route[0] != "locales":
                holder["x-new"] = "x"
                try:
                    head = remake(entry, data)
                except (AttributeError, TypeError, KeyError):
                    continue  # no place where the schema allows one
                assert compare(entry, head), (entry.name, route)


def test_every_template_byte_of_the_examples_counts(examples: tuple[Entry, ...]) -> None:
    for entry in examples:
        for path in entry.templates:
            texts = {**entry.templates, path: entry.templates[path] + " "}
            head = Entry(entry.path, entry.manifest, entry.data, texts, entry.resolved)
            facts = compare(entry, head)
            assert required_bump(facts) == Bump.MINOR, (entry.name, path)
            assert head.digest() != entry.digest()


_MIRROR = {
    "entry-added": "entry-removed",
    "input-added": "input-removed",
    "required-input-added": "input-removed",
    "input-became-required": "input-became-optional",
    "input-default-added": "input-default-removed",
    "placeholder-added": "placeholder-removed",
    "optional-placeholder-added": "placeholder-removed",
    "placeholder-became-required": "placeholder-became-optional",
    "tool-added": "tool-removed",
    "locale-added": "locale-removed",
    "output-added": "output-removed",
    **{
        f"{prefix}-{kind.name}": f"{prefix}-{kind.opposite}"
        for prefix in ("input", "output", "tool")
        for kind in SCHEMA_KINDS.values()
        if kind.opposite > kind.name
    },
}


def _mirrored(facts: tuple[Change, ...], *, back: bool) -> list[tuple[str, str]]:
    there = {**_MIRROR, **{old: new for new, old in _MIRROR.items()}} if back else {}
    alike = {
        "required-input-added": "input-added",
        "optional-placeholder-added": "placeholder-added",
    }
    named = [(there.get(fact.kind, fact.kind), str(fact.route)) for fact in facts]
    return sorted((alike.get(kind, kind), route) for kind, route in named)


@pytest.mark.parametrize(("base", "head", "kinds", "bump"), CASES)
def test_swapping_the_sides_mirrors_the_facts(
    prompt: Maker, base: str, head: str, kinds: str, bump: Bump
) -> None:
    one, two = prompt(base), prompt(head)
    assert _mirrored(compare(one, two), back=False) == _mirrored(compare(two, one), back=True)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_more_changes_never_need_a_smaller_bump(
    examples: tuple[Entry, ...], places: Places, mutate: Mutate, data: st.DataObject
) -> None:
    entry = data.draw(st.sampled_from(examples), label="entry")
    routes = data.draw(
        st.lists(st.sampled_from(places(entry.data)), min_size=2, max_size=6, unique=True)
    )
    some = compare(entry, mutate(entry, routes[:-1]))
    all_ = compare(entry, mutate(entry, routes))
    assert required_bump(all_) >= required_bump(some)
