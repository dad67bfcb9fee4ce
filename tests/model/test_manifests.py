"""Manifests and configuration as values."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from promptreg.model.agent import Agent
from promptreg.model.configuration import (
    DEFAULT_ROOTS,
    DEFAULT_TEMPLATE_ROOTS,
    Configuration,
    Limits,
    parse_configuration,
)
from promptreg.model.data import Json, at_route, format_route
from promptreg.model.environment import parse_environment
from promptreg.model.prompt import Lifecycle, Message, Placeholder, Prompt

if TYPE_CHECKING:
    from tests.model.conftest import Maker


def test_a_prompt_says_what_it_takes(prompt: Maker) -> None:
    found = cast(
        "Prompt",
        prompt(
            "sunset: 2027-01-31\nlabels: {b: x, a: y}\n"
            "inputs: {a: {type: string, untrusted: true, description: D}, b: {default: null},"
            " c: {required: false}, d: {default: 1, required: true}}\n"
        ).manifest,
    )
    assert found.lifecycle is Lifecycle.ACTIVE
    assert found.sunset == "2027-01-31"
    assert found.labels == (("a", "y"), ("b", "x"))
    told = [(one.name, one.required, one.untrusted, one.has_default) for one in found.inputs]
    assert told == [
        ("a", True, True, False),
        ("b", False, False, True),
        ("c", False, False, False),
        ("d", True, False, True),
    ]
    assert found.inputs[0].description == "D"


def test_messages_are_texts_files_parts_and_placeholders(prompt: Maker) -> None:
    entry = prompt(
        "messages:\n"
        "- {role: system, template: t.j2, name: n}\n"
        "- {placeholder: h, required: false, description: D}\n"
        "- role: user\n"
        "  content:\n"
        "  - {type: text, text: Hi}\n"
        "  - {type: text, template: t.j2}\n"
        "  - {type: image, url: 'https://example.com/{{ a }}', detail: low}\n"
        "  - {type: file, data: '{{ b }}', media_type: '{{ m }}', name: f}\n"
        "locales: {de: {messages: [{placeholder: h}, {role: user, content: Hallo}]}}\n"
        "inputs: {a: {}, b: {}, m: {}}\n",
        {"prompts/t.j2": "Text"},
    )
    found = cast("Prompt", entry.manifest)
    system, placeholder, user = found.messages
    assert isinstance(system, Message)
    assert isinstance(user, Message)
    assert (system.name, system.multipart, system.parts[0].source.file) == ("n", False, "t.j2")
    assert placeholder == Placeholder("h", False, ("messages", 1, "placeholder"), "D")
    assert [part.type for part in user.parts] == ["text", "text", "image", "file"]
    assert user.multipart
    assert user.parts[2].options == (("detail", "low"),)
    assert user.parts[3].is_data
    assert [format_route(source.route) for source in found.sources()] == [
        "messages[0].template",
        "messages[2].content[0].text",
        "messages[2].content[1].template",
        "messages[2].content[2].url",
        "messages[2].content[3].data",
        "messages[2].content[3].media_type",
        "locales.de.messages[1].content",
    ]
    for source in found.sources():
        assert at_route(entry.data, source.route) == (source.inline or source.file)
    assert entry.source_text(system.parts[0].source) == "Text"
    assert entry.paths == ("prompts/a.prompt.yaml", "prompts/t.j2")


def test_a_placeholder_is_required_where_one_locale_requires_it(prompt: Maker) -> None:
    keys = (
        "messages: [{{role: user, content: H}}, {{placeholder: p, required: {}}}]\n"
        "locales: {{de: {{messages: [{{placeholder: p, required: {}}}]}}}}"
    )
    for default, locale in (("true", "false"), ("false", "true")):
        (one,) = cast("Prompt", prompt(keys.format(default, locale)).manifest).placeholders()
        assert one.required


def test_tests_and_expectations(prompt: Maker) -> None:
    found = cast(
        "Prompt",
        prompt(
            "inputs: {a: {}}\n"
            "tests: [{name: t, inputs: {a: 1}, locale: de, expect: "
            "[{x-why: y, role: user, contains: H}, {max_tokens: 3}]}]\n"
            "locales: {de: {messages: [{role: user, content: H}]}}"
        ).manifest,
    )
    (test,) = found.tests
    assert (test.name, test.inputs, test.locale) == ("t", {"a": 1}, "de")
    assert [(one.kind, one.value, one.role) for one in test.expect] == [
        ("contains", "H", "user"),
        ("max_tokens", 3, ""),
    ]
    assert format_route(test.expect[0].route) == "tests[0].expect[0].contains"


def test_an_agent_says_what_it_names(agent: Maker) -> None:
    entry = agent(
        "use_case: use_cases/a.md\n"
        'prompts: {triage: "b@^1.2", reply: c}\n'
        'guardrails: [{name: g, prompt: "d@production"}, {name: h, pattern: x}]\n'
        "approvals: {release: {count: 2, from: [governance, t]}, x-own: 3}\n"
        "escalation: [{when: sev1, to: oncall, runbook: runbooks/a.md}, {when: sev2, to: t}]\n"
        "hand_offs: [{to: other}]\n"
        "steps: [{name: one, prompt: triage, then: two}, "
        "{name: two, agent: third, then: [one, two]}]\n"
    )
    found = cast("Agent", entry.manifest)
    assert entry.kind == "Agent"
    assert {role: one.text for role, one in found.prompts} == {"triage": "b@^1.2", "reply": "c"}
    assert [one.text for one in found.selectors] == ["b@^1.2", "c", "d@production"]
    assert [one.text for one in found.hand_offs] == ["other", "third"]
    assert [one.text for one in found.owners] == ["oncall", "t", "governance", "t"]
    assert [one.text for one in found.files] == ["use_cases/a.md", "runbooks/a.md"]
    assert [one.text for one in found.step_roles] == ["triage"]
    assert [one.text for one in found.step_successors] == ["two", "one", "two"]
    for one in (*found.selectors, *found.hand_offs, *found.owners, *found.files):
        assert at_route(entry.data, one.route) == one.text
    for one in found.step_successors:
        assert at_route(entry.data, one.route) == one.text


def test_an_empty_configuration_has_the_defaults() -> None:
    found = parse_configuration({"name": "r", "owners": {}})
    assert found == Configuration(name="r")
    assert (found.roots, found.template_roots) == (DEFAULT_ROOTS, DEFAULT_TEMPLATE_ROOTS)


def test_a_configuration() -> None:
    found = parse_configuration(
        {
            "name": "r",
            "owners": {"t": {"contact": "t@example.com", "members": ["a@example.com"]}},
            "environments": {"staging": {}, "production": {"after": "staging", "owners": ["t"]}},
            "environments_branch": "deploy",
            "templates": ["p"],
            "limits": {"template_bytes": 5},
            "severity": {"a-rule": "off"},
        }
    )
    assert found.owners["t"].members == ("a@example.com",)
    assert found.environments["production"].after == "staging"
    assert found.environments_branch == "deploy"
    assert found.limits == Limits(template_bytes=5)
    assert found.severities == {"a-rule": "off"}


def test_an_environment() -> None:
    pin: dict[str, Json] = {"version": "1.2.0-rc.1", "digest": "sha256:" + "0" * 64}
    found = parse_environment({"name": "production", "releases": {"a/b": pin}})
    assert str(found.releases["a/b"].version) == "1.2.0-rc.1"
