"""The GitLab job and the shell recipe, run on real clones; and what the workflows promise."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
import yaml

if TYPE_CHECKING:
    from tests.conftest import Site
    from tests.integrations.conftest import Machine

TOP = Path(__file__).parents[2]

GITLAB = TOP / "integrations/gitlab/promptreg.gitlab-ci.yml"
GITHUB = TOP / "integrations/github"
SHELL = TOP / "integrations/shell/promptreg-check.sh"
_PINNED = re.compile(r"uses: [a-z-]+/[a-z/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+\n")


def gitlab(machine: Machine, site: Site, **variables: str) -> tuple[int, str]:
    """Run the job's script as GitLab's runner does: one shell, ended by the first failure."""
    job = yaml.safe_load(GITLAB.read_text("utf-8"))["promptreg"]
    base = site.text("merge-base", "main", "HEAD")
    more = {
        **job["variables"],
        "GITLAB_CI": "true",
        "CI_PROJECT_DIR": str(site.path),
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": base,
        **variables,
    }
    done = machine.run(["sh", "-ec", "\n".join(job["script"])], site.path, more)
    return done.returncode, done.stdout


def test_gitlab_blocks_a_removed_input(machine: Machine, proposal: Site) -> None:
    code, said = gitlab(machine, proposal)
    assert code == 1
    assert "error[input-removed]" in said
    reports = yaml.safe_load(GITLAB.read_text("utf-8"))["promptreg"]["artifacts"]["reports"]
    quality = json.loads((proposal.path / reports["codequality"]).read_text())
    assert "input-removed" in {one["check_name"] for one in quality}
    suites = ElementTree.parse(proposal.path / reports["junit"]).getroot()  # noqa: S314 - ours
    assert list(suites.iter("failure"))


def test_gitlab_passes_what_is_declared(machine: Machine, declared: Site) -> None:
    assert gitlab(machine, declared)[0] == 0
    assert gitlab(machine, declared, PROMPTREG_FAIL_ON="warning")[0] == 1


def test_gitlab_fails_where_nothing_can_be_judged(machine: Machine, proposal: Site) -> None:
    assert gitlab(machine, proposal, PROMPTREG_DIRECTORY="nowhere")[0] == 2


def shell(machine: Machine, cwd: Path, *words: str) -> tuple[int, str]:
    done = machine.run(["sh", str(SHELL), *words], cwd)
    return done.returncode, done.stdout


@pytest.fixture
def origin(proposal: Site) -> str:
    """Where the proposal can be cloned from."""
    return f"file://{proposal.path}"


@pytest.mark.parametrize("how", [("--depth=1",), ("--single-branch",), (), ("--no-tags",)])
def test_shell_fetches_what_a_clone_lacks(
    machine: Machine, proposal: Site, origin: str, how: tuple[str, ...]
) -> None:
    proposal.run("tag", "-a", "-m", "a tag", "note", "main")
    clone = machine.room / "clone"
    proposal.run("clone", "--quiet", *how, "--branch=topic", origin, str(clone))
    code, said = shell(machine, clone, "main")
    assert code == 1, said
    assert "error[input-removed]" in said
    unshallow = "--unshallow " if how == ("--depth=1",) else ""
    wanted = "+refs/heads/main:refs/remotes/origin/main"
    assert said.startswith(f"+ git fetch {unshallow}--tags origin {wanted}\n")
    assert replace(proposal, path=clone).text("tag", "--list") == "note"


def test_shell_passes_options_on(machine: Machine, declared: Site, origin: str) -> None:
    clone = machine.room / "clone"
    declared.run("clone", "--quiet", "--depth=1", "--branch=topic", origin, str(clone))
    assert shell(machine, clone, "main")[0] == 0
    code, said = shell(machine, clone, "main", "--fail-on", "warning", "--format", "github")
    assert code == 1
    assert "::warning file=" in said


@pytest.mark.parametrize("branch", ["", "..", "-x y", "--upload-pack=touch pwned", "nowhere"])
def test_shell_refuses_what_is_no_branch(
    machine: Machine, proposal: Site, origin: str, branch: str
) -> None:
    clone = machine.room / "clone"
    proposal.run("clone", "--quiet", "--depth=1", "--branch=topic", origin, str(clone))
    assert shell(machine, clone, branch)[0] == 2
    assert not list(machine.room.rglob("pwned"))


def workflow(name: str) -> dict[Any, Any]:
    loaded: dict[Any, Any] = yaml.safe_load((GITHUB / name).read_text("utf-8"))
    return loaded


def test_the_workflow_reads_only() -> None:
    flow = workflow("promptreg.yml")
    assert set(flow[True]) == {"pull_request"}  # YAML 1.1 reads `on` as true
    assert flow["permissions"] == {}
    (job,) = flow["jobs"].values()
    assert job["permissions"] == {"contents": "read", "security-events": "write"}
    assert job["steps"][0]["with"] == {"fetch-depth": 0, "persist-credentials": False}


def test_the_workflow_gives_the_action_what_it_takes() -> None:
    (job,) = workflow("promptreg.yml")["jobs"].values()
    action = yaml.safe_load((TOP / "action.yml").read_text("utf-8"))
    assert set(job["steps"][1]["with"]) <= set(action["inputs"])


def test_the_comment_follows_the_workflow_and_checks_nothing_out() -> None:
    flow = workflow("comment.yml")
    assert flow[True]["workflow_run"]["workflows"] == [workflow("promptreg.yml")["name"]]
    action = yaml.safe_load((TOP / "action.yml").read_text("utf-8"))
    (job,) = flow["jobs"].values()
    assert job["permissions"] == {"actions": "read", "pull-requests": "write"}
    assert [step["uses"].partition("@")[0] for step in job["steps"] if "uses" in step] == [
        "actions/download-artifact"
    ]
    assert job["steps"][0]["with"]["name"] == action["inputs"]["artifact"]["default"]


@pytest.mark.parametrize("file", [TOP / "action.yml", *sorted(GITHUB.glob("*.yml"))])
def test_actions_are_pinned_and_scripts_hold_no_expression(file: Path) -> None:
    text = file.read_text("utf-8")
    used = re.findall(r"uses: .*\n", text)
    assert [one for one in used if "FILL-IN" not in one and not _PINNED.fullmatch(one)] == []
    loaded = yaml.safe_load(text)
    steps = (
        loaded["runs"]["steps"]
        if "runs" in loaded
        else next(iter(loaded["jobs"].values()))["steps"]
    )
    assert [step["run"] for step in steps if "${{" in step.get("run", "")] == []
