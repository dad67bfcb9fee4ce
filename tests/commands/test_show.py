from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from promptreg.commands.contract import type_words
from promptreg.commands.schema import schema
from promptreg.commands.show import show
from promptreg.errors import GitError, RefusedError, SelectorError
from promptreg.model.data import Json
from promptreg.registry.workspace import Workspace
from promptreg.reporters.entry import entry_lines
from promptreg.reporters.lines import plain
from promptreg.reporters.shown import Shown
from promptreg.reporters.values import result_text

if TYPE_CHECKING:
    from tests.commands.conftest import Desk

PROMPT = """\
apiVersion: promptreg/v1
kind: Prompt
name: support/triage
description: |
  Sorts mail
  into queues.
owner: team
lifecycle: deprecated
sunset: "2027-01-31"
replaced_by: support/next
risk: medium
labels: {domain: support}
model: {name: gpt-5-mini, provider: openai, parameters: {temperature: 0.2}}
inputs:
  message: {type: string, untrusted: true, description: The words.}
  tier: {type: string, enum: [free, pro], default: free}
  tags: {type: array, items: {type: string}, required: false}
messages:
  - {role: system, template: triage.system.j2}
  - {placeholder: history, required: false, description: What was said.}
  - {role: user, content: "{{ message }} {{ tier }} {{ tags }}"}
output:
  strict: true
  schema: {type: object, properties: {queue: {type: string}, why: {type: string}}}
tools:
  - {name: lookup, description: Finds an order.}
locales:
  de: {messages: [{role: user, content: "{{ message }}"}]}
tests:
  - {name: one, inputs: {message: Hi}, expect: [{contains: Hi}]}
"""
NEXT = """\
apiVersion: promptreg/v1
kind: Prompt
name: support/next
owner: team
lifecycle: draft
risk: low
messages: [{role: user, content: Hello}]
"""
AGENT = """\
apiVersion: promptreg/v1
kind: Agent
name: bot
purpose: A first answer within a minute.
owner: team
lifecycle: active
risk: high
prompts:
  triage: support/triage@^1.0
  next: support/next
  gone: support/gone@production
model: {name: gpt-5-mini, fallbacks: [claude-haiku-4-5]}
tools:
  - {name: refund, description: Pays back., effect: irreversible, approval: args.amount > 50}
guardrails:
  - {name: no-cards, stage: output, pattern: "[0-9]{16}", on_violation: block}
success_metrics:
  - {name: completion, target: ">= 0.95", window: 7d, on_breach: sev2}
escalation:
  - {when: sev1, to: team, within: 15m}
hand_offs:
  - {to: other-bot, when: suspected fraud}
steps:
  - {name: sort, prompt: triage, then: done}
  - {name: done, prompt: next}
"""
EXPERIMENT = """\
apiVersion: promptreg/v1
kind: Experiment
name: tone
owner: team
prompt: support/next
variants:
  - {name: a, selector: support/next@1.0.0, weight: 1}
  - {name: b, selector: support/triage@latest, weight: 1}
"""
FILES = {
    "prompts/support/triage.prompt.yaml": PROMPT,
    "prompts/support/triage.system.j2": '{% include "tone.j2" %}',
    "partials/tone.j2": "Be brief.",
    "prompts/support/next.prompt.yaml": NEXT,
    "agents/bot.agent.yaml": AGENT,
    "experiments/tone.experiment.yaml": EXPERIMENT,
}


def text_of(shown: Shown) -> str:
    return plain(entry_lines(shown))


def test_a_prompt_in_the_working_tree(desk: Desk) -> None:
    shown = show(desk.registry(FILES), "support/triage")
    assert (shown.kind, shown.commit, shown.version, shown.tests) == ("prompt", "", None, 1)
    assert shown.contact == "team@example.com"
    assert shown.templates == ("partials/tone.j2", "prompts/support/triage.system.j2")
    contract = shown.contract
    assert contract is not None
    assert [(one.name, one.type, one.required, one.untrusted) for one in contract.inputs] == [
        ("message", "string", True, True),
        ("tier", 'one of "free", "pro"', False, False),
        ("tags", "array of string", False, False),
    ]
    assert contract.messages == ("system", "placeholder history", "user")
    assert contract.locales == ("de",)


def test_what_people_are_shown_of_a_prompt(desk: Desk) -> None:
    text = text_of(show(desk.registry(FILES), "support/triage"))
    for said in (
        "support/triage  prompt, deprecated, medium risk",
        "Sorts mail into queues.",
        "on 2027-01-31",
        "gpt-5-mini (openai)  temperature=0.2",
        'one of "free", "pro", default "free"',
        "string, required, untrusted",
        "messages, optional",
        "fields: queue, why",
        "lookup",
        "none yet",
    ):
        assert said in text


def test_what_people_are_shown_of_an_agent(desk: Desk) -> None:
    desk.registry(FILES)
    desk.release("support/triage", "1.4.0")
    text = text_of(show(desk.open(), "bot"))
    for said in (
        "bot  agent, active, high risk",
        "A first answer within a minute.",
        "else claude-haiku-4-5",
        "irreversible, approval when args.amount > 50",
        "no-cards  output  block",
        ">= 0.95  over 7d  on breach sev2",
        "sev1  to team  within 15m",
        "other-bot  suspected fraud",
        "sort  prompt triage  then done",
    ):
        assert said in text


def test_an_agents_prompts_resolve_to_what_they_are_now(desk: Desk) -> None:
    desk.registry(FILES)
    desk.release("support/triage", "1.4.0")
    desk.release("support/triage", "2.0.0")
    pins = {pin.role: pin for pin in show(desk.open(), "bot").pins}
    assert pins["triage"].resolves_to == "1.4.0"
    assert pins["next"].resolves_to == "working tree"
    assert pins["gone"].resolves_to == ""
    assert "doesn't run in `production`" in pins["gone"].problem


def test_a_release_is_shown_as_it_was(desk: Desk) -> None:
    desk.registry(FILES)
    digest = desk.release("support/next", "1.0.0")
    desk.write({"prompts/support/next.prompt.yaml": NEXT.replace("draft", "retired")})
    shown = show(desk.open(), "support/next@1.0.0")
    assert (str(shown.version), shown.digest) == ("1.0.0", digest)
    assert shown.manifest["lifecycle"] == "draft"
    assert shown.commit == desk.git("rev-parse", "HEAD")
    assert show(desk.open(), "support/next").manifest["lifecycle"] == "retired"


def test_the_newest_ten_releases_are_listed(desk: Desk) -> None:
    desk.registry(FILES)
    for minor in range(12):
        desk.release("support/next", f"1.{minor}.0")
    shown = show(desk.open(), "support/next")
    assert [str(one.version) for one in shown.releases] == [f"1.{n}.0" for n in range(11, 1, -1)]
    assert shown.release_count == 12
    assert shown.releases[0].by == "Example Author <author@example.com>"
    assert "and 2 more: promptreg log support/next" in text_of(shown)


def test_a_bad_tag_is_shown_and_hides_nothing(desk: Desk) -> None:
    desk.registry(FILES)
    desk.release("support/next", "1.0.0")
    desk.git("tag", "support/next@v1.1.0")
    shown = show(desk.open(), "support/next")
    assert [bool(one.problem) for one in shown.releases] == [True, False]
    assert "not to be trusted: it is a lightweight tag" in text_of(shown)


def test_where_it_runs_and_since_when(desk: Desk) -> None:
    desk.registry(FILES)
    first = desk.release("support/next", "1.0.0")
    desk.point("production", "support/next", "1.0.0", first)
    second = desk.release("support/next", "1.1.0")
    desk.point("production", "support/next", "1.1.0", second)
    desk.point("production", "support/triage", "1.0.0", desk.release("support/triage", "1.0.0"))
    (running,) = show(desk.open(), "support/next").environments
    assert (running.environment, str(running.version)) == ("production", "1.1.0")
    assert running.since == "2026-01-05T08:00:00+00:00"
    assert str(show(desk.open(), "support/next@production").version) == "1.1.0"


def test_who_uses_it(desk: Desk) -> None:
    users = show(desk.registry(FILES), "support/next").used_by
    assert [(one.kind, one.name, one.route, one.selector) for one in users] == [
        ("agent", "bot", "prompts.next", "support/next"),
        ("experiment", "tone", "prompt", "support/next"),
        ("experiment", "tone", "variants[0].selector", "support/next@1.0.0"),
        ("prompt", "support/triage", "replaced_by", "support/next"),
    ]


def test_a_longer_name_is_no_user(desk: Desk) -> None:
    longer = AGENT.replace("support/next", "support/next-one").replace("name: bot", "name: b")
    workspace = desk.registry(
        {"prompts/support/next.prompt.yaml": NEXT, "agents/b.agent.yaml": longer}
    )
    assert show(workspace, "support/next").used_by == ()


def test_who_hands_off_to_it(desk: Desk) -> None:
    other = AGENT.replace("name: bot", "name: other-bot").replace("to: other-bot", "to: bot")
    users = show(
        desk.registry({**FILES, "agents/other-bot.agent.yaml": other}), "other-bot"
    ).used_by
    assert [(one.name, one.route) for one in users] == [("bot", "hand_offs[0].to")]


def test_without_git_there_are_no_releases(desk: Desk) -> None:
    shown = show(desk.registry(FILES, git=False), "support/next")
    assert (shown.releases, shown.environments, shown.notes) == ((), (), ())
    with pytest.raises(GitError, match="not in a git repository"):
        show(desk.open(), "support/next@1.0.0")


def test_without_commits(desk: Desk) -> None:
    desk.git("init", "--quiet")
    workspace = desk.registry(FILES, git=False)
    assert show(workspace, "support/next").environments == ()


def test_an_unknown_name_names_the_nearest(desk: Desk) -> None:
    with pytest.raises(SelectorError, match="no prompt or agent `support/triag`") as raised:
        show(desk.registry(FILES), "support/triag")
    assert "`support/triage`" in raised.value.hint


def test_a_changed_release_is_not_shown(desk: Desk) -> None:
    desk.registry(FILES)
    desk.release("support/next", "1.0.0")
    content = desk.git("cat-file", "tag", "support/next@v1.0.0").replace("sha256:", "sha256:0")
    desk.write(
        {"tag": content[: content.index("sha256:") + 7] + "0" * 64 + "\nPromptreg-Bump: minor\n"}
    )
    forged = desk.git("hash-object", "-t", "tag", "-w", "tag")
    desk.git("update-ref", "refs/tags/support/next@v1.0.0", forged)
    with pytest.raises(RefusedError, match="isn't what its tag promises"):
        show(desk.open(), "support/next@1.0.0")


def test_hostile_text_does_not_act(desk: Desk) -> None:
    hostile = "a\x1b[31m\u202eb"
    shown = show(desk.registry(FILES), "bot")
    manifest: dict[str, Json] = {**shown.manifest, "description": hostile, "purpose": hostile}
    text = text_of(replace(shown, contact=hostile, path=hostile, manifest=manifest))
    assert text.count("a\\u{1b}[31m\\u{202e}b") == 4
    assert "\x1b" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize(
    "selector", ["support/triage", "bot", "bot@git:HEAD", "support/next@1.0.0"]
)
def test_json_fits_its_schema(desk: Desk, selector: str) -> None:
    desk.registry(FILES)
    desk.point("staging", "support/next", "1.0.0", desk.release("support/next", "1.0.0"))
    document = json.loads(result_text("show", show(desk.open(), selector)))
    Draft202012Validator(json.loads(schema("output/show"))).validate(document)


EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize(
    "name",
    sorted(
        path.name.removesuffix(".agent.yaml") for path in (EXAMPLES / "agents").glob("*.agent.yaml")
    ),
)
def test_the_example_agents_are_shown(name: str) -> None:
    shown = show(Workspace(EXAMPLES, None), name)
    assert [pin.problem for pin in shown.pins if "git" not in pin.problem] == [""] * len(shown.pins)
    assert text_of(shown).startswith(f"{name}  agent")


@pytest.mark.parametrize(
    ("schema_", "words"),
    [
        ({"type": "string"}, "string"),
        ({"type": ["string", "null"]}, "string or null"),
        ({"type": "array", "items": {"type": "integer"}}, "array of integer"),
        ({"const": 1}, "1"),
        ({"enum": [1, "a", None]}, 'one of 1, "a", null'),
        ({"enum": list(range(9))}, "one of 0, 1, 2, 3, 4, 5, …"),
        ({}, "anything"),
        (True, "anything"),
    ],
)
def test_types_in_words(schema_: Json, words: str) -> None:
    assert type_words(schema_) == words
