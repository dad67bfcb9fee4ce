"""Files that are written by scripts are up to date."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

TOP = Path(__file__).parent.parent.parent


def test_generated_files_are_fresh() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/generate_docs.py", "--check"],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_hooks_only_read() -> None:
    hooks = yaml.safe_load((TOP / ".pre-commit-hooks.yaml").read_text("utf-8"))
    names = {"promptreg-validate", "promptreg-test", "promptreg-check"}
    assert {hook["id"] for hook in hooks} == names
    for hook in hooks:
        assert not re.search("update|fix|write", hook["entry"])
        assert hook["require_serial"] is True


@pytest.mark.parametrize(
    ("path", "is_ours"),
    [
        ("promptreg.yaml", True),
        ("ai/promptreg.yaml", True),
        ("prompts/support/triage.prompt.yaml", True),
        ("prompts/support/triage/prompt.yml", True),
        ("agents/support-bot.agent.yaml", True),
        ("agents/support-bot/agent.yaml", True),
        ("environments/production.yaml", True),
        ("policies/house.policy.yaml", True),
        ("partials/tone.j2", True),
        ("prompts/support/system.md", True),
        ("README.md", False),
        ("src/promptly.yaml", False),
        ("deploy/environment.yaml", False),
    ],
)
def test_hooks_run_for_what_a_registry_is_made_of(path: str, *, is_ours: bool) -> None:
    hooks = yaml.safe_load((TOP / ".pre-commit-hooks.yaml").read_text("utf-8"))
    chosen = [hook["files"] for hook in hooks if not hook.get("always_run")]
    assert [bool(re.search(files, path)) for files in chosen] == [is_ours, is_ours]
