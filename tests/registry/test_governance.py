"""What a git host is told to enforce."""

from __future__ import annotations

from promptreg.registry.governance import CodeOwners, Governance, governance
from promptreg.registry.load import load
from promptreg.reporters.governance import codeowners_text
from promptreg.store.trees import MemoryTree

CONFIGURATION = """\
apiVersion: promptreg/v1
kind: Registry
name: r
owners:
  team: {members: [t@example.com]}
  desk: {contact: desk@example.com}
  board: {contact: ask around}
release_branch: trunk
environments_branch: deploy
allowed_signers: signers
environments:
  staging: {}
  production: {owners: [desk], approvals: {high: {count: 1, from: [team, board]}}}
"""
PROMPT = """\
apiVersion: promptreg/v1
kind: Prompt
name: {name}
owner: {owner}
lifecycle: active
risk: low
messages: [{{role: user, template: "the same.j2"}}]
"""


def found(prefix: str = "") -> Governance:
    files = {
        "promptreg.yaml": CONFIGURATION,
        "prompts/a.prompt.yaml": PROMPT.format(name="a", owner="team"),
        "prompts/b.prompt.yaml": PROMPT.format(name="b", owner="desk"),
        "prompts/the same.j2": "Hello",
    }
    return governance(load(MemoryTree(files)).snapshot, prefix)


def last(pattern: str, prefix: str = "") -> CodeOwners:
    return [one for one in found(prefix).code_owners if one.pattern == pattern][-1]


def test_whoever_answers_for_a_file_reviews_it() -> None:
    assert last("/prompts/a.prompt.yaml").people == ("t@example.com",)
    assert last("/prompts/b.prompt.yaml").people == ("desk@example.com",)
    assert last("/prompts/the?same.j2").people == ("desk@example.com", "t@example.com")
    assert last("/environments/production.yaml").teams == ("desk",)
    for governed in ("/environments/staging.yaml", "/promptreg.yaml", "/signers", "/policies/"):
        assert last(governed).teams == ("team", "board")
    assert found().notes == ()


def test_a_rule_comes_after_the_folder_that_it_narrows() -> None:
    patterns = [one.pattern for one in found().code_owners]
    assert patterns.index("/prompts/") < patterns.index("/prompts/a.prompt.yaml")
    assert patterns.index("/") < patterns.index("/prompts/a.prompt.yaml")
    assert patterns.index("/environments/") < patterns.index("/environments/production.yaml")


def test_a_registry_in_a_folder() -> None:
    assert last("/ai/prompts/a.prompt.yaml", "ai/").teams == ("team",)
    assert last("/.github/CODEOWNERS", "ai/").teams == ("team", "board")


def test_branches_and_tags() -> None:
    subjects = [one.subject for one in found().protections]
    assert subjects == ["branch trunk", "branch deploy", "tags *@v* and **/*@v*"]
    assert found().protections[1].rules[0].startswith("Only desk may push")


def test_the_file_has_a_line_for_each_pattern() -> None:
    lines = codeowners_text(found()).splitlines()
    assert lines[0].startswith("# Written by")
    assert [line.split()[0] for line in lines[2:]] == [one.pattern for one in found().code_owners]
