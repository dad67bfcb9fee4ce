"""No change of a manifest goes untold: facts and what they leave over show every value."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.model.compare import compare
from promptreg.model.data import Json, Route
from promptreg.model.entry import Entry
from promptreg.model.residue import residual_differences, residual_templates
from promptreg.releases.facts import facts_of
from promptreg.reporters.values import as_json

Maker = Callable[..., Entry]
VALUE = "a value seen nowhere"


def told(base: Entry, head: Entry) -> str:
    return json.dumps(as_json(facts_of(base, head)))


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_every_value_that_changes_is_shown(
    data: st.DataObject,
    examples: tuple[Entry, ...],
    places: Callable[[Json], list[Route]],
    remake: Callable[[Entry, dict[str, Json]], Entry],
) -> None:
    entry = data.draw(st.sampled_from(examples))
    texts = [route for route in places(entry.data) if _is_text(entry, route)]
    routes = data.draw(st.lists(st.sampled_from(texts), min_size=1, max_size=3, unique=True))
    changed: Any = copy.deepcopy(entry.data)
    for index, route in enumerate(routes):
        holder = changed
        for step in route[:-1]:
            holder = holder[step]
        holder[route[-1]] = f"{VALUE} {index}"
    said = told(entry, remake(entry, changed))
    assert [index for index in range(len(routes)) if f"{VALUE} {index}" not in said] == []


def _is_text(entry: Entry, route: Route) -> bool:
    value: Any = entry.data
    for step in route:
        value = value[step]
    is_shape = route[-1] in {"template", "lifecycle", "kind", "apiVersion", "role", "placeholder"}
    return isinstance(value, str) and not is_shape and not ("content" in route and "type" in route)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_every_template_that_changes_is_shown(
    data: st.DataObject, examples: tuple[Entry, ...]
) -> None:
    entry = data.draw(st.sampled_from([one for one in examples if one.templates]))
    paths = data.draw(
        st.lists(st.sampled_from(sorted(entry.templates)), min_size=1, max_size=3, unique=True)
    )
    templates = {**entry.templates, **{path: f"{VALUE}: {path}" for path in paths}}
    head = Entry(entry.path, entry.manifest, entry.data, templates, entry.resolved)
    said = told(entry, head)
    assert [path for path in paths if f"{VALUE}: {path}" not in said] == []


def test_an_entry_against_itself_leaves_nothing(examples: tuple[Entry, ...]) -> None:
    for entry in examples:
        assert residual_differences(entry, entry, ()) == ()
        assert residual_templates(entry, entry, ()) == ()
        assert facts_of(entry, entry) == ()


def left(base: Entry, head: Entry) -> list[str]:
    found = residual_differences(base, head, compare(base, head))
    return [f"{one.op} {'.'.join(map(str, one.route))}" for one in found]


def test_what_facts_tell_is_not_told_again(prompt: Maker) -> None:
    base = prompt("inputs: {a: {type: string}}\nmodel: {name: m, parameters: {temperature: 0}}")
    head = prompt(
        "inputs: {a: {type: string, maxLength: 9}, b: {type: string}}\n"
        "model: {name: n, parameters: {temperature: 1, seed: 2}}\nlabels: {x: y}\n"
        "messages: [{role: system, content: Hi}, {role: user, content: Hello}]"
    )
    assert left(base, head) == []


def test_extension_keys_are_left_over_wherever_they_are(prompt: Maker) -> None:
    base = prompt("messages: [{role: user, content: [{type: text, text: Hi}]}]")
    head = prompt("messages: [{role: user, x-a: 1, content: [{type: text, text: Ho, x-b: 2}]}]")
    assert left(base, head) == ["added messages.0.content.0.x-b", "added messages.0.x-a"]


def test_the_order_of_tools_is_left_over(prompt: Maker) -> None:
    base = prompt("tools: [{name: a}, {name: b}]")
    head = prompt("tools: [{name: b}, {name: a, strict: true}]")
    assert left(base, head) == ["reordered tools"]


def test_a_number_that_became_true_is_not_lost(prompt: Maker) -> None:
    base = prompt("inputs: {a: {default: 1}}\ndescription: A.")
    head = prompt("inputs: {a: {default: true}}\ndescription: B.")
    assert '"after": true' in told(base, head)


def test_a_template_that_came_to_be_included_is_shown(prompt: Maker) -> None:
    base = prompt("messages: [{role: user, template: t.j2}]", {"prompts/t.j2": "Old."})
    head = prompt(
        "messages: [{role: user, content: \"{% include 't.j2' %}\"}]", {"prompts/t.j2": "New."}
    )
    (change,) = residual_templates(base, head, compare(base, head))
    assert (change.path, change.before, change.after) == ("prompts/t.j2", "Old.", "New.")
