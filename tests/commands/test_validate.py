"""`validate`: what is judged, what is told, and that nothing is changed."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from promptreg.checks.example import DIGEST, Example, production
from promptreg.commands.validate import Request, validate, validate_tree
from promptreg.errors import GitError, RegistryError
from promptreg.model.finding import Severity
from promptreg.registry.workspace import Workspace, open_workspace
from promptreg.reporters.findings_json import json_report
from promptreg.reporters.values import json_text
from promptreg.store.schema_engine import compile_schema
from promptreg.store.trees import MemoryTree

TODAY = date(2026, 1, 1)
SCHEMAS = Path(__file__).parent.parent.parent / "schemas"


def _environ(home: Path) -> Mapping[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Example Author",
        "GIT_AUTHOR_EMAIL": "author@example.com",
        "GIT_COMMITTER_NAME": "Example Author",
        "GIT_COMMITTER_EMAIL": "author@example.com",
    }


class Registry:
    """A registry in a repository of its own."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "repo"
        self.environ = _environ(folder)
        self.root.mkdir()
        self.git("init", "-q", "-b", "main")

    def git(self, *words: str) -> None:
        subprocess.run(["git", *words], cwd=self.root, env=dict(self.environ), check=True)

    def write(self, files: Mapping[str, str]) -> None:
        for path, text in files.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text, encoding="utf-8")

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-qm", "change")

    @property
    def workspace(self) -> Workspace:
        return open_workspace(self.root, self.environ)


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path)


def _rules(workspace: Workspace, request: Request) -> list[str]:
    return [one.rule for one in validate(workspace, request).findings]


SOUND = "description: Greets.\ntests: [{name: it greets, expect: [{contains: Hello}]}]"


def test_a_sound_registry_has_no_findings() -> None:
    report = validate_tree(MemoryTree(Example(SOUND).tree()), Request(TODAY))
    assert (report.findings, report.prompts, report.agents) == ((), 1, 0)
    assert not report.fails(Severity.INFO)


def test_broken_files_hide_nothing_and_are_counted() -> None:
    files = {
        "prompts/a.prompt.yaml": "[",
        "agents/b.agent.yaml": "name: 'b\n",
        "prompts/c.j2": "{{",
    }
    report = validate_tree(MemoryTree(Example("owner: nobody", files=files).tree()), Request(TODAY))
    errors = {one.rule for one in report.findings if one.severity is Severity.ERROR}
    assert errors == {"yaml-syntax", "unknown-owner", "template-syntax"}
    assert (report.prompts, report.agents) == (2, 1)
    assert report.fails(Severity.ERROR)


def test_every_finding_has_a_place_in_a_text() -> None:
    tree = Example("owner: nobody", registry="severity: {nothing: 'off'}").tree()
    report = validate_tree(MemoryTree(tree), Request(TODAY))
    assert {one.rule for one in report.findings} >= {"unknown-owner", "unknown-rule"}
    for one in report.findings:
        assert one.at.place is not None
        assert report.excerpts[one.at.path, one.at.place.line] in tree[one.at.path].splitlines()


def test_an_unusable_configuration_is_an_error_not_a_report() -> None:
    with pytest.raises(RegistryError):
        validate_tree(MemoryTree({"promptreg.yaml": "kind: ["}), Request(TODAY))


def test_a_revision_is_judged_as_it_was(registry: Registry) -> None:
    registry.write(Example("owner: nobody").tree())
    registry.commit()
    registry.write(Example(SOUND).tree())
    assert _rules(registry.workspace, Request(TODAY)) == []
    found = _rules(registry.workspace, Request(TODAY, revision="HEAD"))
    assert "unknown-owner" in found


def test_an_unknown_revision_is_an_error(registry: Registry) -> None:
    registry.write(Example(SOUND).tree())
    registry.commit()
    with pytest.raises(GitError):
        validate(registry.workspace, Request(TODAY, revision="nowhere"))


def test_only_tracked_files_are_seen_as_a_commit_would_hold_them(registry: Registry) -> None:
    registry.write(Example(SOUND).tree())
    registry.commit()
    tree = Example(f"{SOUND}\nmessages: [{{role: user, template: hello.j2}}]").tree()
    registry.write(tree | {"prompts/hello.j2": "Hello\n"})
    assert _rules(registry.workspace, Request(TODAY)) == []
    assert _rules(registry.workspace, Request(TODAY, only_tracked=True)) == ["missing-template"]
    registry.git("add", "-A")
    assert _rules(registry.workspace, Request(TODAY, only_tracked=True)) == []


def test_tags_are_asked_only_where_something_names_a_release(registry: Registry) -> None:
    registry.write(Example(SOUND, files=production("greeting", "1.0.0")).tree())
    registry.commit()
    assert _rules(registry.workspace, Request(TODAY)) == ["unknown-release"]


def test_a_clone_without_tags_says_so_and_guesses_nothing(registry: Registry) -> None:
    registry.write(Example(SOUND, files=production("greeting", "1.0.0")).tree())
    registry.commit()
    registry.git("config", "remote.origin.tagOpt", "--no-tags")
    report = validate(registry.workspace, Request(TODAY))
    assert report.findings == ()
    assert "no release tags" in report.notes[0]


def test_without_git_files_are_judged_and_releases_noted(tmp_path: Path) -> None:
    tree = Example(SOUND, "description: Helps.\nprompts: {hello: 'greeting@^1.0'}").tree()
    for path, text in tree.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    report = validate(open_workspace(tmp_path, _environ(tmp_path)), Request(TODAY))
    assert report.findings == ()
    assert "without a git repository" in report.notes[0]


def test_an_unknown_path_is_noted() -> None:
    request = Request(TODAY, ("prompts/greting.prompt.yaml", "prompts"))
    report = validate_tree(MemoryTree(Example(SOUND).tree()), request)
    assert report.notes == ("`prompts/greting.prompt.yaml` is not among the registry's files",)


def test_findings_do_not_depend_on_the_order_of_files() -> None:
    tree = Example("owner: nobody", "prompts: {a: nothing, b: nothing}").tree()
    reversed_tree = dict(reversed(tree.items()))
    request = Request(TODAY)
    assert validate_tree(MemoryTree(tree), request) == validate_tree(
        MemoryTree(reversed_tree), request
    )


def test_fingerprints_tell_findings_apart() -> None:
    tree = Example("owner: nobody", "prompts: {a: nothing, b: nothing, c: 'nothing@prod'}").tree()
    report = validate_tree(MemoryTree(tree), Request(TODAY))
    fingerprints = [one.fingerprint for one in report.findings]
    assert len(set(fingerprints)) == len(fingerprints)


def test_the_json_fits_its_schema() -> None:
    files = production("removed", "1.0.0", DIGEST) | {"prompts/x\udcff.prompt.yaml": "a: b"}
    tree = Example("owner: nobody", "prompts: {a: nothing}", files=files).tree()
    report = validate_tree(MemoryTree(tree), Request(TODAY, ("prompts", "gone")))
    told = json.loads(json_text(json_report(report, fail_on=Severity.WARNING)))
    schema = json.loads((SCHEMAS / "output" / "validate.schema.json").read_text("utf-8"))
    assert [str(failure) for failure in compile_schema(schema)(told)] == []
    assert (told["ok"], told["fail_on"], len(told["findings"])) == (
        False,
        "warning",
        len(report.findings),
    )
