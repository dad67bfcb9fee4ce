"""`action.yml`, run step by step: what would be uploaded is recorded, the rest is real."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from tests.conftest import Site
    from tests.integrations.conftest import Machine

TOP = Path(__file__).parents[2]

ACTION = yaml.safe_load((TOP / "action.yml").read_text("utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
MARKER = "<!-- promptreg -->"
_EXPRESSION = re.compile(r"\$\{\{ ([a-z-]+(?:\.[a-z-]+)*) \}\}")


@dataclass
class Job:
    """A run of the action: the outputs of its steps, what it uploaded, and how it ended."""

    machine: Machine
    cwd: Path
    inputs: dict[str, str]
    variables: dict[str, str]
    outputs: dict[str, str] = field(default_factory=dict)
    uploads: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    said: str = ""
    code: int = 0

    def run(self) -> Job:
        """Run the steps until one fails."""
        for step in STEPS:
            if self.code == 0 and self.holds(step.get("if", "")):
                self.step(step)
        return self

    def step(self, step: dict[str, Any]) -> None:
        """Run a script, or record an upload."""
        if "uses" in step:
            given = {name: self.expanded(value) for name, value in step["with"].items()}
            self.uploads.append((step["uses"].partition("@")[0], given))
            return
        output = self.machine.room / "output"
        output.write_text("")
        own = {name: self.expanded(value) for name, value in step.get("env", {}).items()}
        assert step["shell"] == "bash"
        words = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]]
        more = {**self.variables, **own, "GITHUB_OUTPUT": str(output)}
        done = self.machine.run(words, self.cwd, more)
        self.said += done.stdout
        self.code = done.returncode
        for line in output.read_text().splitlines():
            name, _, value = line.partition("=")
            self.outputs[f"steps.{step['id']}.outputs.{name}"] = value

    def expanded(self, text: object) -> str:
        """`text` with its expressions filled in."""
        return _EXPRESSION.sub(lambda match: self.value(match[1]), str(text))

    def value(self, name: str) -> str:
        """An input, or the output of a step; "" where there is none, as GitHub has it."""
        if name.startswith("inputs."):
            return self.inputs[name.removeprefix("inputs.")]
        assert name.startswith("steps."), f"this test doesn't know `{name}`"
        return self.outputs.get(name, "")

    def holds(self, condition: str) -> bool:
        """Whether all parts of an `if:` hold."""
        for part in filter(None, condition.split(" && ")):
            name, operator, value = part.split(" ")
            if (self.value(name) == value.strip("'")) != (operator == "=="):
                return False
        return True

    @property
    def summary(self) -> str:
        return (self.machine.room / "summary").read_text()


def job(machine: Machine, site: Site, **inputs: str) -> Job:
    """The action on a pull request of `site` into `main`, run to its end."""
    site.run("update-ref", "refs/remotes/origin/main", "main")
    (machine.room / "temp").mkdir()
    (machine.room / "summary").write_text("")
    defaults = {name: one["default"] for name, one in ACTION["inputs"].items()}
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    assert set(given) <= set(defaults)
    variables = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_BASE_REF": "main",
        "GITHUB_ACTION_PATH": "/the/action",
        "GITHUB_STEP_SUMMARY": str(machine.room / "summary"),
        "RUNNER_TEMP": str(machine.room / "temp"),
    }
    return Job(machine, site.path, {**defaults, **given}, variables).run()


def test_a_removed_input_fails_after_the_reports_are_written(
    machine: Machine, proposal: Site
) -> None:
    found = job(machine, proposal)
    assert found.code == 1, found.said
    assert "error[input-removed]" in found.said
    assert found.summary.startswith(MARKER)
    assert "input-removed" in found.summary
    (scanning, sarif), (kept, artifact) = found.uploads
    assert scanning == "github/codeql-action/upload-sarif"
    results = json.loads(Path(sarif["sarif_file"]).read_text())["runs"][0]["results"]
    assert "input-removed" in {one["ruleId"] for one in results}
    assert kept == "actions/upload-artifact"
    assert artifact["name"] == "promptreg-report"
    assert Path(artifact["path"]).read_text() == found.summary
    assert Path(artifact["path"]).name == "promptreg.md", "what the comment recipe looks for"


def test_it_installs_the_action_itself(machine: Machine, proposal: Site) -> None:
    found = job(machine, proposal)
    room = Path(found.outputs["steps.install.outputs.room"])
    assert (room / "bin/installed").read_text() == "/the/action\n"
    command = found.expanded(ACTION["outputs"]["command"]["value"])
    assert machine.run([command, "--version"], proposal.path).stdout.startswith("promptreg ")


def test_a_declared_change_passes(machine: Machine, declared: Site) -> None:
    found = job(machine, declared)
    assert found.code == 0, found.said
    assert "warning[input-removed]" in found.said
    assert found.expanded(ACTION["outputs"]["exit-code"]["value"]) == "0"


def test_fail_on_reaches_the_check(machine: Machine, declared: Site) -> None:
    assert job(machine, declared, fail_on="warning").code == 1


def test_base_reaches_the_check(machine: Machine, proposal: Site) -> None:
    assert job(machine, proposal, base="topic").code == 0


def test_reports_can_be_left_out(machine: Machine, proposal: Site) -> None:
    found = job(machine, proposal, sarif="false", summary="false", artifact="")
    assert (found.code, found.uploads, found.summary) == (1, [], "")


@pytest.mark.parametrize("fault", ["no base", "wrong option", "no registry"])
def test_what_could_not_be_judged_fails_without_reports(
    machine: Machine, proposal: Site, fault: str
) -> None:
    wrong = {
        "no base": {"base": "origin/nowhere"},
        "wrong option": {"fail_on": "never"},
        "no registry": {"working_directory": "/"},
    }
    found = job(machine, proposal, **wrong[fault])
    assert (found.code, found.uploads, found.summary) == (2, [], "")
    assert found.expanded(ACTION["outputs"]["sarif"]["value"]) == ""


def test_a_shallow_clone_is_told_what_to_fetch(machine: Machine, proposal: Site) -> None:
    tip = machine.room / "shallow"
    proposal.run("update-ref", "refs/heads/main", "main")
    proposal.run(
        "clone", "-q", "--depth=1", "--no-single-branch", f"file://{proposal.path}", str(tip)
    )
    shallow = replace(proposal, path=tip)
    shallow.run("branch", "main", "origin/main")
    found = job(machine, shallow)
    assert (found.code, found.uploads) == (2, [])
    assert "fetch-depth: 0" in found.said


@pytest.mark.parametrize(
    "text", ['"; touch pwned; $(touch pwned) `touch pwned` "', "--output=pwned"]
)
@pytest.mark.parametrize("name", ["base", "working_directory", "fail_on", "artifact"])
def test_no_input_is_taken_as_a_script(
    machine: Machine, proposal: Site, name: str, text: str
) -> None:
    job(machine, proposal, **{name: text})
    assert not list(machine.room.rglob("pwned"))


def test_an_old_python_is_named(machine: Machine, proposal: Site) -> None:
    old = machine.room / "old-python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    found = job(machine, proposal, python=str(old))
    assert (found.code, found.uploads) == (2, [])
    assert "promptreg needs Python 3.11 or newer" in found.said


def test_scripts_hold_no_expression() -> None:
    assert [step["name"] for step in STEPS if "${{" in step.get("run", "")] == []
