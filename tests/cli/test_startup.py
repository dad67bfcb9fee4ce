"""What an answer may cost: help and version are given before anything is loaded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
HEAVY = {
    "click",
    "git",
    "jinja2",
    "jsonschema",
    "jsonschema_rs",
    "rich",
    "typer",
    "yaml",
}
DRIVER = """
import json, sys
from promptreg.cli.main import main
sys.argv = ["promptreg", *sys.argv[1:]]
try:
    main()
except SystemExit:
    pass
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def loaded_by(*words: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, *words], capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["-V"], ["-h"], []])
def test_help_and_version_load_nothing_heavy(words: list[str]) -> None:
    assert loaded_by(*words) & HEAVY == set()


def test_a_command_loads_no_more_than_it_uses() -> None:
    loaded = loaded_by("schema", "prompt")
    assert loaded & HEAVY == {"typer"}


def test_a_table_without_a_terminal_loads_no_painter() -> None:
    assert not loaded_by("list", "-C", str(EXAMPLES)) & {"rich", "jinja2", "jsonschema", "git"}
