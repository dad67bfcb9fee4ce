"""Documents against our schemas: what is found, where, and in which words."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.model.data import Json, Route, at_route
from promptreg.store.schema import MOST_VIOLATIONS, judge, usable_input, violations
from promptreg.store.schema_engine import compile_with_python, compile_with_rust
from promptreg.store.schema_files import KINDS, schema_of
from promptreg.store.schema_words import explain
from promptreg.store.yaml import read_yaml

PROMPT = """
apiVersion: promptreg/v1
kind: Prompt
name: support/triage
description: Sorts an inbound support message into a queue.
owner: support-team
lifecycle: active
sunset: 2027-01-31
risk: medium
labels: {domain: support}
x-team: {any: [thing]}
model:
  name: gpt-5-mini
  parameters: {temperature: 0.2, max_output_tokens: 400, stop: [END], reasoning: {effort: low}}
inputs:
  message: {type: string, untrusted: true, description: The customer's words.}
  tier: {type: string, enum: [free, pro], default: free}
  path: {type: array, items: {$ref: '#/$defs/step'}, $defs: {step: {type: object, required: [to]}}}
  maybe: {type: [string, 'null'], required: false}
messages:
  - {role: system, template: triage.system.j2}
  - {placeholder: history, required: false}
  - {role: user, content: '{{ message }}'}
  - role: user
    content:
      - {type: text, text: look}
      - {type: image, url: 'https://example.com/{{ id }}.png', detail: low}
      - {type: file, data: '{{ pdf }}', media_type: application/pdf, name: a.pdf}
output: {name: queue, strict: true, schema: {type: object, properties: {queue: {type: string}}, required: [queue]}}
tools: [{name: refund, description: Pays back., parameters: {type: object}}]
locales:
  de: {messages: [{role: system, template: triage.de.j2}]}
  no: {messages: [{role: system, content: Hils.}]}
tests:
  - name: a billing question
    inputs: {message: My invoice is wrong}
    locale: de-AT
    expect: [{contains: invoice}, {max_tokens: 400}, {not_matches: "(?i)password", role: system}, {roles: [system, user]}]
"""
AGENT = """
apiVersion: promptreg/v1
kind: Agent
name: support-bot
description: Answers support mail.
purpose: First answer within a minute, hand over what is risky.
use_case: use_cases/support-bot.md
owner: support-team
lifecycle: active
risk: high
prompts: {triage: "support/triage@^1.2", reply: "support/reply@production"}
model: {name: gpt-5-mini, fallbacks: [claude-haiku-4-5], parameters: {temperature: 0}}
budget: {steps: 12, cost_usd: 0.10, seconds: 60}
tools: [{name: refund, description: Pays back., effect: irreversible, approval: "args.amount > 50", parameters: {type: object}}]
mcp_servers: [{name: crm, url: "https://crm.example/mcp"}]
guardrails: [{name: no-card-numbers, stage: output, pattern: "\\\\b\\\\d{16}\\\\b", on_violation: block}]
success_metrics: [{name: task_completion, target: ">= 0.95", window: 7d, min_samples: 200, on_breach: sev2}]
approvals: {release: {count: 2, from: [governance]}}
escalation: [{when: sev1, to: support-oncall, within: 15m, runbook: runbooks/support.md}]
hand_offs: [{to: fraud-bot, when: suspected fraud}]
steps: [{name: triage, prompt: triage, then: reply}, {name: reply, prompt: reply}]
"""
POLICY = """
apiVersion: promptreg/v1
kind: Policy
name: house
match: {kinds: [Prompt], risk: [high]}
rules: [{id: needs-review-date, severity: error, expr: "has(self.labels.review_by)", message: High risk needs a review date.}]
"""
EXPERIMENT = """
apiVersion: promptreg/v1
kind: Experiment
name: tone
owner: support-team
prompt: support/reply
variants: [{name: plain, selector: "support/reply@1.4.0", weight: 50}, {name: warm, selector: "support/reply@1.5.0", weight: 50}]
"""
CHANGE = """
apiVersion: promptreg/v1
kind: Change
name: support/triage
bump: major
reason: Queues are an enum now.
owner: support-team
migration: Pass one of the queues that the schema lists.
"""
ENVIRONMENT = f"""
apiVersion: promptreg/v1
kind: Environment
name: production
releases:
  support/triage: {{version: 1.4.0, digest: 'sha256:{"0" * 64}'}}
frozen: {{reason: Black Friday.}}
suspended:
  support/reply: {{version: 1.5.0, digest: 'sha256:{"1" * 64}', reason: It promises refunds.}}
"""
REGISTRY = """
apiVersion: promptreg/v1
kind: Registry
name: acme
owners: {support-team: {contact: support@example.com, members: [a@example.com]}, governance: {}}
release_branch: main
environments: {staging: {}, production: {after: staging, approvals: {high: {count: 2, from: [governance]}}}}
roots: [prompts, .]
templates: [partials, .]
formats: {github: ["other/**/*.prompt.yml"]}
severity: {missing-tests: off}
limits: {manifest_bytes: 1000}
waivers: [{fingerprint: 3f9c3f9c3f9c3f9c, reason: Legacy text., owner: support-team, expires: 2027-01-31}]
"""
LOCK = f"""
apiVersion: promptreg/v1
kind: Lock
selectors:
  "support/triage@^1.2": {{version: 1.4.0, digest: 'sha256:{"0" * 64}', tag: '{"1" * 40}', commit: '{"2" * 40}'}}
"""
APPROVAL = f"""
apiVersion: promptreg/v1
kind: Approval
name: support/triage
digest: 'sha256:{"0" * 64}'
version: 1.4.0
by: {{name: Ann Example, email: ann@example.com}}
as: governance
at: "2026-11-21T09:00:00+00:00"
note: Fine.
signature: "-----BEGIN SSH SIGNATURE-----\\nAAAA\\n-----END SSH SIGNATURE-----\\n"
"""
TEXTS = (PROMPT, AGENT, CHANGE, POLICY, EXPERIMENT, ENVIRONMENT, REGISTRY, LOCK, APPROVAL)


def document(text: str) -> dict[str, Any]:
    value = read_yaml("a.yaml", text).value
    assert isinstance(value, dict)
    return value


GOOD = {str(document(text)["kind"]): document(text) for text in TEXTS}


@pytest.mark.parametrize("kind", KINDS)
def test_a_full_document_fits(kind: str) -> None:
    assert violations(kind, GOOD[kind]) == ()


MISSING = object()

# kind, route to change, new value -> route, key, parts of message and hint
WRONG: list[tuple[str, Route, Any, Route, str, str, str]] = [
    ("Prompt", ("owner",), MISSING, (), "owner", "`owner` is missing", "add `owner:`"),
    ("Prompt", ("risk",), "hihg", ("risk",), "enum", "`risk` is `hihg`; it has to be `low`", "did you mean `high`"),
    ("Prompt", ("onwer",), "x", ("onwer",), "onwer", "the key `onwer` is unknown", "did you mean `owner`"),
    ("Prompt", ("name",), "Support Triage", ("name",), "pattern", "such as `support/triage`", ""),
    ("Prompt", ("name",), "a\n", ("name",), "pattern", "lower-case", ""),
    ("Prompt", ("name",), "a/con/b", ("name",), "not", "device name", ""),
    ("Prompt", ("name",), "a" * 201, ("name",), "maxLength", "at most 200 characters", ""),
    ("Prompt", ("name",), 1.1, ("name",), "type", "not the number `1.1`", "quotes"),
    ("Prompt", ("sunset",), "2026-02-30", ("sunset",), "format", "a date that exists", ""),
    ("Prompt", ("labels", "n"), True, ("labels", "n"), "type", "`labels.n` has to be text, not `true`", "quotes"),
    ("Prompt", ("apiVersion",), "promptreg/v2", ("apiVersion",), "const", "has to be `promptreg/v1`", ""),
    ("Prompt", ("messages",), [], ("messages",), "minItems", "at least 1 item", ""),
    ("Prompt", ("messages", 0, "template"), MISSING, ("messages", 0), "oneOf", "`template` or `content` is missing in `messages[0]`", ""),
    ("Prompt", ("messages", 0, "content"), "x", ("messages", 0), "oneOf", "`template` and `content` exclude each other", "keep one"),
    ("Prompt", ("messages", 0, "role"), "bot", ("messages", 0, "role"), "enum", "`messages[0].role` is `bot`", ""),
    ("Prompt", ("messages", 1, "role"), "user", ("messages", 1, "role"), "role", "`role` is unknown in `messages[1]`", "placeholder"),
    ("Prompt", ("messages", 1, "placeholder"), "self", ("messages", 1, "placeholder"), "not", "Jinja", ""),
    ("Prompt", ("messages", 0), "x", ("messages", 0), "type", "{role: user, content: ...}", ""),
    ("Prompt", ("messages", 0, "template"), "../x.j2", ("messages", 0, "template"), "not", "leaves the registry", ""),
    ("Prompt", ("messages", 0, "template"), "/x.j2", ("messages", 0, "template"), "not", "leaves the registry", ""),
    ("Prompt", ("messages", 0, "template"), "a/.GIT/x.j2", ("messages", 0, "template"), "not", ".git", ""),
    ("Prompt", ("messages", 0, "template"), "nul.txt", ("messages", 0, "template"), "not", "everywhere", ""),
    ("Prompt", ("messages", 0, "template"), "x.py", ("messages", 0, "template"), "pattern", ".jinja2", ""),
    ("Prompt", ("messages", 2, "content"), 5, ("messages", 2, "content"), "type", "has to be text", "quotes"),
    ("Prompt", ("messages", 3, "content", 0, "type"), "txt", ("messages", 3, "content", 0, "type"), "enum", "`text`", "did you mean `text`"),
    ("Prompt", ("messages", 3, "content", 1, "url"), MISSING, ("messages", 3, "content", 1), "oneOf", "`url` or `data` is missing", ""),
    ("Prompt", ("messages", 3, "content", 1, "ulr"), "x", ("messages", 3, "content", 1, "ulr"), "ulr", "unknown", "did you mean `url`"),
    ("Prompt", ("inputs", "for"), {}, ("inputs", "for"), "for", "Jinja", ""),
    ("Prompt", ("inputs", "a-b"), {}, ("inputs", "a-b"), "a-b", "letters, digits and `_`", ""),
    ("Prompt", ("inputs", "__class__"), {}, ("inputs", "__class__"), "__class__", "beginning with a letter", ""),
    ("Prompt", ("inputs", "tier", "required"), "abc", ("inputs", "tier", "required"), "type", "true or false", ""),
    ("Prompt", ("inputs", "tier", "required"), ["a"], ("inputs", "tier", "required"), "type", "true or false", ""),
    ("Prompt", ("inputs", "tier", "type"), "strng", ("inputs", "tier", "type"), "enum", "strng", "did you mean `string`"),
    ("Prompt", ("inputs", "tier", "$ref"), "http://example.com/", ("inputs", "tier", "$ref"), "pattern", "#/$defs/step", ""),
    ("Prompt", ("inputs", "tier", "$id"), "x", ("inputs", "tier", "$id"), "$id", "unknown", ""),
    ("Prompt", ("inputs", "path", "items", "$anchor"), "x", ("inputs", "path", "items", "$anchor"), "$anchor", "unknown", ""),
    ("Prompt", ("inputs", "tier", "minLength"), "a", ("inputs", "tier", "minLength"), "type", "whole number", ""),
    ("Prompt", ("inputs", "tier", "multipleOf"), 0, ("inputs", "tier", "multipleOf"), "exclusiveMinimum", "more than 0", ""),
    ("Prompt", ("inputs", "tier", "properties"), [], ("inputs", "tier", "properties"), "type", "a mapping", ""),
    ("Prompt", ("inputs", "tier"), "string", ("inputs", "tier"), "type", "{type: string}", ""),
    ("Prompt", ("tools", 0, "parameters", "$ref"), "file:///etc/passwd", ("tools", 0, "parameters", "$ref"), "pattern", "#/$defs/step", ""),
    ("Prompt", ("locales", "deutsch!"), {}, ("locales", "deutsch!"), "deutsch!", "language tag", ""),
    ("Prompt", ("locales",), ["de"], ("locales",), "type", "a mapping, not a list of 1", ""),
    ("Prompt", ("tests", 0, "expect"), [], ("tests", 0, "expect"), "minItems", "at least 1 item", ""),
    ("Prompt", ("tests", 0, "expect", 0), {"role": "user"}, ("tests", 0, "expect", 0), "oneOf", "`contains` or", ""),
    ("Prompt", ("tests", 0, "expect", 0, "equals"), "x", ("tests", 0, "expect", 0), "oneOf", "exclude each other", ""),
    ("Prompt", ("tests", 0, "expect", 1, "max_tokens"), True, ("tests", 0, "expect", 1, "max_tokens"), "type", "whole number", ""),
    ("Prompt", ("tests", 0, "inputs"), "@/etc/passwd", ("tests", 0, "inputs"), "type", "a mapping", ""),
    ("Prompt", ("model", "parameters", "temperature"), 3, ("model", "parameters", "temperature"), "maximum", "at most 2", ""),
    ("Agent", ("escalation", 0, "within"), "-5 days", ("escalation", 0, "within"), "pattern", "such as `15m`", ""),
    ("Agent", ("budget", "cost_usd"), 0, ("budget", "cost_usd"), "exclusiveMinimum", "more than 0", ""),
    ("Agent", ("tools", 0, "effect"), "wirte", ("tools", 0, "effect"), "enum", "wirte", "did you mean `write`"),
    ("Agent", ("mcp_servers", 0, "url"), MISSING, ("mcp_servers", 0), "oneOf", "`url` or `command`", ""),
    ("Environment", ("releases", "support/triage", "version"), 1.1, ("releases", "support/triage", "version"), "type", "the number `1.1`", "quotes"),
    ("Environment", ("releases", "support/triage", "version"), "^1.0", ("releases", "support/triage", "version"), "pattern", "such as 1.4.0", ""),
    ("Environment", ("releases", "support/triage", "version"), "1.0.0\n", ("releases", "support/triage", "version"), "pattern", "such as 1.4.0", ""),
    ("Environment", ("releases", "support/triage", "version"), "1.0.0+build", ("releases", "support/triage", "version"), "pattern", "such as 1.4.0", ""),
    ("Environment", ("releases", "support/triage", "digest"), None, ("releases", "support/triage", "digest"), "type", "not null", ""),
    ("Environment", ("releases", "../x"), {}, ("releases", "../x"), "../x", "lower-case", ""),
    ("Environment", ("name",), "latest", ("name",), "not", "selector", ""),
    ("Environment", ("name",), "v1", ("name",), "not", "selector", ""),
    ("Environment", ("frozen",), True, ("frozen",), "type", "a mapping, not `true`", ""),
    ("Environment", ("frozen", "reason"), MISSING, ("frozen",), "reason", "`frozen.reason` is missing", "add `reason:`"),
    ("Environment", ("frozen", "reason"), " ", ("frozen", "reason"), "pattern", "some words", ""),
    ("Environment", ("frozen", "by"), "ann", ("frozen", "by"), "by", "unknown in `frozen`", ""),
    ("Environment", ("suspended", "support/reply", "reason"), MISSING, ("suspended", "support/reply"), "reason", "`suspended.support/reply.reason` is missing", ""),
    ("Environment", ("suspended", "support/reply", "version"), "latest", ("suspended", "support/reply", "version"), "pattern", "such as 1.4.0", ""),
    ("Environment", ("suspended", "Support"), {}, ("suspended", "Support"), "Support", "lower-case", ""),
    ("Environment", ("releases", "support/triage", "reason"), "x", ("releases", "support/triage", "reason"), "reason", "unknown", ""),
    ("Lock", ("selectors", "support/triage@^1.2", "digest"), "sha256:0", ("selectors", "support/triage@^1.2", "digest"), "pattern", "64 lower-case hexadecimal", ""),
    ("Lock", ("selectors", "support/triage@^1.2", "tag"), "HEAD", ("selectors", "support/triage@^1.2", "tag"), "pattern", "40 or 64", ""),
    ("Lock", ("selectors", "support/triage@^1.2", "tag"), "1" * 41, ("selectors", "support/triage@^1.2", "tag"), "pattern", "40 or 64", ""),
    ("Lock", ("selectors", "support/triage@^1.2", "commit"), MISSING, ("selectors", "support/triage@^1.2"), "commit", "@^1.2.commit` is missing", ""),
    ("Lock", ("selectors", "support/triage@^1.2", "version"), 1.4, ("selectors", "support/triage@^1.2", "version"), "type", "the number `1.4`", "quotes"),
    ("Lock", ("selectors", "support/triage"), {}, ("selectors", "support/triage"), "support/triage", "a selector of a release", ""),
    ("Lock", ("selectors",), MISSING, (), "selectors", "`selectors` is missing", "add `selectors:`"),
    ("Approval", ("digest",), "sha256:0", ("digest",), "pattern", "64 lower-case hexadecimal", ""),
    ("Approval", ("at",), "yesterday", ("at",), "pattern", "a moment with a zone", ""),
    ("Approval", ("by", "email"), "ann", ("by", "email"), "pattern", "an e-mail address", ""),
    ("Approval", ("by",), "ann@example.com", ("by",), "type", "a mapping", ""),
    ("Approval", ("as",), MISSING, (), "as", "`as` is missing", ""),
    ("Approval", ("signature",), "AAAA", ("signature",), "pattern", "an SSH signature", ""),
    ("Experiment", ("variants",), [], ("variants",), "minItems", "at least 2 items", ""),
    ("Experiment", ("variants", 0, "weight"), "50%", ("variants", 0, "weight"), "type", "a number, not the text `50%`", ""),
    ("Policy", ("rules", 0, "expr"), MISSING, ("rules", 0), "expr", "`rules[0].expr` is missing", "CEL"),
    ("Policy", ("severities",), {"*": "off"}, ("severities",), "severities", "unknown", "allowed here: apiVersion"),
    ("Registry", ("enviroments",), {}, ("enviroments",), "enviroments", "unknown", "did you mean `environments`"),
    ("Registry", ("templates",), ["~"], ("templates", 0), "not", "leaves the registry", ""),
    ("Registry", ("templates",), [1], ("templates", 0), "type", "a folder inside the registry", "quotes"),
    ("Registry", ("roots",), [f"a{n}" for n in range(101)], ("roots",), "maxItems", "at most 100 items", ""),
    ("Registry", ("formats", "github", 0), "../x/*.yml", ("formats", "github", 0), "not", "leaves the registry", ""),
    ("Registry", ("waivers", 0, "fingerprint"), "*", ("waivers", 0, "fingerprint"), "pattern", "16 hexadecimal digits", ""),
    ("Registry", ("waivers", 0, "reason"), " ", ("waivers", 0, "reason"), "pattern", "some words", ""),
    ("Registry", ("waivers", 0, "expires"), "2026-02-31", ("waivers", 0, "expires"), "format", "a date that exists", ""),
    ("Registry", ("limits", "max_bytes"), 1, ("limits", "max_bytes"), "max_bytes", "unknown in `limits`", "bytes"),
    ("Registry", ("owners", "support-team", "members"), ["nobody"], ("owners", "support-team", "members", 0), "pattern", "an e-mail address", ""),
]  # fmt: skip


def changed(data: Json, route: Route, value: Any) -> Any:
    """A copy of `data` with another value at `route`."""
    result = copy.deepcopy(data)
    parent: Any = at_route(result, route[:-1])
    if value is MISSING:
        del parent[route[-1]]
    else:
        parent[route[-1]] = value
    return result


@pytest.mark.parametrize(
    ("kind", "at", "value", "expected"),
    [(*row[:3], row[3:]) for row in WRONG],
    ids=[f"{row[0]}-{'.'.join(map(str, row[1]))}-{i}" for i, row in enumerate(WRONG)],
)
def test_each_mistake_is_one_violation_in_plain_words(
    kind: str, at: Route, value: Any, expected: tuple[Route, str, str, str]
) -> None:
    route, key, says, hint = expected
    found = violations(kind, changed(GOOD[kind], at, value))
    first = next(one for one in found if (one.route, one.key) == (route, key))
    assert says in first.message
    assert hint in first.hint
    assert len(first.message) < 300
    is_closed_part = isinstance(value, dict) and key == at[-1]
    assert len(found) == 1 or is_closed_part, found


@pytest.mark.parametrize("root", [[], "text", 5, None, True, {}])
def test_anything_can_be_judged(root: Json) -> None:
    for kind in KINDS:
        assert violations(kind, root)


def test_values_are_cut_and_never_printed_whole() -> None:
    long = changed(GOOD["Prompt"], ("risk",), "x" * 10_000)
    (one,) = violations("Prompt", long)
    assert len(one.message) < 200
    nested = changed(GOOD["Prompt"], ("risk",), {"secret": ["y" * 10_000]})
    (one,) = violations("Prompt", nested)
    assert "yyy" not in one.message


def test_violations_are_capped() -> None:
    many = changed(GOOD["Prompt"], ("messages",), [5] * 400)
    assert len(violations("Prompt", many)) == MOST_VIOLATIONS


def test_a_violation_has_its_own_identity() -> None:
    broken = changed(GOOD["Prompt"], ("messages", 2), {"role": "bot", "conten": "x"})
    found = violations("Prompt", broken)
    assert len({(one.route, one.key) for one in found}) == len(found) == 3


RUST = {kind: compile_with_rust(schema_of(kind), formats=True) for kind in KINDS}
PYTHON = {kind: compile_with_python(schema_of(kind), formats=True) for kind in KINDS}


def routes(value: Json, route: Route = ()) -> list[Route]:
    found = [route] if route else []
    if isinstance(value, dict):
        for key, child in value.items():
            found += routes(child, (*route, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            found += routes(child, (*route, index))
    return found


_VALUES = st.sampled_from([None, True, 0, -1, 2.5, "", "x", "a\n", "2026-02-30", [], {}, ["x"], {"x": 1}, MISSING])  # fmt: skip


@given(st.sampled_from(KINDS), st.data())
@settings(deadline=None, max_examples=250)
def test_both_engines_give_the_same_verdict_and_places(kind: str, data: st.DataObject) -> None:
    mutant: Any = GOOD[kind]
    for _ in range(data.draw(st.integers(1, 2))):
        left = routes(mutant)
        if not left:
            break
        at = data.draw(st.sampled_from(left))
        if data.draw(st.booleans()):
            mutant = changed(mutant, at, data.draw(_VALUES))
        else:
            mutant = changed(mutant, (*at[:-1], "odd") if isinstance(at[-1], str) else at, "x")
    schema = schema_of(kind)
    answers = [
        {
            (one.route, one.key)
            for failure in engine[kind](mutant)
            for one in explain(failure, schema, "the document")
        }
        for engine in (RUST, PYTHON)
    ]
    assert answers[0] == answers[1], json.dumps(mutant)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([1.0, 0.0, "a", "b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=6,
)


@given(st.lists(PLAIN, min_size=1, max_size=3), PLAIN)
@settings(deadline=None, max_examples=200)
def test_a_value_is_judged_by_the_schema_as_it_is_now(allowed: list[Json], value: Json) -> None:
    schema: Json = {"enum": allowed}
    engine = compile_with_rust(schema)
    assert bool(judge(schema, value)) == bool(list(engine(value)))
    shared: Json = {"enum": [*allowed, allowed[0]]}
    assert judge(shared, value) == judge(copy.deepcopy(shared), value)
    allowed[:] = ["nothing else"]
    assert bool(judge(schema, value)) == (value != "nothing else")


def test_an_input_is_usable_as_it_is_now() -> None:
    declared: dict[str, Json] = {"type": "string", "required": True, "x-own": 1}
    assert usable_input(declared) == ({"type": "string"}, "")
    declared["type"] = "text"
    assert usable_input(declared)[1] != ""
    declared["type"] = "number"
    assert usable_input(declared) == ({"type": "number"}, "")


def test_a_schema_too_deep_or_too_long_to_be_remembered_is_judged_all_the_same() -> None:
    deep: Json = {}
    for _ in range(3_000):
        deep = {"not": deep}
    assert "levels of nesting" in usable_input({"not": deep})[1]
    long: Json = {"enum": [f"value-{number}" for number in range(1_000)]}
    assert judge(long, "value-7") == ()
    assert [one.key for one in judge(long, "other")] == ["enum"]
