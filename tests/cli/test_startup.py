"""What an answer may cost: commands load on use, and help and version before anything is loaded."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from promptreg.cli.table import COMMANDS, Command

EXAMPLES = Path(__file__).parents[2] / "examples"
HEAVY = {
    "click",
    "git",
    "jinja2",
    "jsonschema",
    "jsonschema_rs",
    "pydantic",
    "rfc8785",
    "rich",
    "typer",
    "yaml",
}
READING = {"typer", "yaml", "jsonschema_rs"}
"""What it takes to read a manifest and hold it against its schema."""
LOADING = READING | {"jinja2"}
"""And to find the templates that it reaches."""
DIGESTING = LOADING | {"rfc8785"}

NAME = "support/escalation-summary"
RELEASE = f"{NAME}@0.1.0"


@dataclass(frozen=True)
class Budget:
    """What a command line may load: heavy packages, and how many modules of promptreg's own."""

    words: str
    packages: frozenset[str]
    modules: int


def _budget(words: str, packages: set[str], modules: int) -> Budget:
    return Budget(words, frozenset(packages), modules)


# Where a number is exceeded: look first whether the new module is needed before the command knows
# what to do. `python -X importtime -m promptreg ...` shows who imports it.
BUDGETS = (
    _budget("", set(), 5),
    _budget("--help", set(), 5),
    _budget("-h", set(), 5),
    _budget("--version", set(), 5),
    _budget("-V", set(), 5),
    _budget("schema prompt", {"typer"}, 17),
    _budget("list --help", {"typer"}, 85),
    _budget("new --help", {"typer"}, 115),
    _budget("init --help", {"typer"}, 115),
    _budget("list", READING, 88),
    _budget("doctor", READING, 95),
    _budget(f"show {NAME}", DIGESTING, 118),
    _budget(f"impact {NAME}", DIGESTING, 120),
    _budget(f"blame {NAME}", DIGESTING, 120),
    _budget(f"log {NAME}", DIGESTING, 119),
    _budget(f"render {RELEASE} --inputs inputs.json", DIGESTING, 122),
    _budget(f"test {NAME}", DIGESTING, 130),
    _budget(f"diff {RELEASE} {NAME}", DIGESTING, 165),
    _budget(f"promote {RELEASE} --env staging --dry-run", DIGESTING, 360),
    _budget(f"approvals {NAME}", DIGESTING, 145),
    _budget("audit", DIGESTING, 150),
    # Those that judge load their rules.
    _budget("status", DIGESTING, 257),
    _budget("release --changed --dry-run", DIGESTING, 365),
    _budget("verify", DIGESTING, 310),
    _budget("validate --no-cache", DIGESTING, 330),
    _budget("check --base HEAD~1", DIGESTING, 385),
)
DRIVER = """
import json, os, sys
from promptreg.cli.main import main
sys.argv = ["promptreg", *sys.argv[1:]]
stdout, sys.stdout = os.dup(1), open(os.devnull, "w")
try:
    main()
except SystemExit as end:
    code = end.code or 0
else:
    code = 0
os.write(stdout, json.dumps([code, sorted(sys.modules)]).encode())
"""


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples in a git repository, with a release and a change after it."""
    folder = tmp_path_factory.mktemp("startup") / "registry"
    shutil.copytree(EXAMPLES, folder)
    (folder / "inputs.json").write_text(json.dumps(_inputs(folder)), encoding="utf-8")
    manifest = folder / f"prompts/{NAME}.prompt.yaml"
    _run(folder, "git", "init", "--quiet", "--initial-branch=main")
    _commit(folder)
    _run(folder, sys.executable, "-m", "promptreg", "release", NAME)
    text = manifest.read_text(encoding="utf-8").replace("\ndescription: ", "\ndescription: Now ")
    manifest.write_text(text, encoding="utf-8")
    _commit(folder)
    return folder


@pytest.mark.parametrize("budget", BUDGETS, ids=lambda budget: budget.words or "nothing")
def test_a_command_loads_no_more_than_its_budget(budget: Budget, registry: Path) -> None:
    modules = loaded_by(registry, *budget.words.split())
    assert {name.partition(".")[0] for name in modules} & HEAVY <= budget.packages
    own = [name for name in modules if name.partition(".")[0] == "promptreg"]
    assert len(own) <= budget.modules, "\n".join(own)


def test_a_budget_is_no_gift(registry: Path) -> None:
    # A number far above what is loaded would let anything in.
    words = f"log {NAME}"
    (budget,) = (one for one in BUDGETS if one.words == words)
    own = [name for name in loaded_by(registry, *words.split()) if name.startswith("promptreg")]
    assert len(own) > budget.modules * 0.8


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_help_of_no_command_needs_what_reads_documents(
    command: Command, registry: Path
) -> None:
    packages = {one.partition(".")[0] for one in loaded_by(registry, command.name, "--help")}
    assert not packages & {"git", "jsonschema", "jsonschema_rs", "pydantic", "rich", "yaml"}


def loaded_by(folder: Path, *words: str) -> list[str]:
    """The names of all modules that a command line has loaded at its end."""
    done = _run(folder, sys.executable, "-c", DRIVER, *words)
    code, modules = json.loads(done)
    assert code in {0, 1}, f"it ended with {code}"
    return list(modules)


def _inputs(folder: Path) -> dict[str, object]:
    import yaml

    text = (folder / f"prompts/{NAME}.prompt.yaml").read_text(encoding="utf-8")
    found: dict[str, object] = yaml.safe_load(text)["tests"][0]["inputs"]
    return found


def _commit(folder: Path) -> None:
    _run(folder, "git", "add", "--all")
    _run(folder, "git", "commit", "--quiet", "--message", "Go on")


def _run(folder: Path, *words: str) -> bytes:
    who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in
           (("NAME", "Ann Example"), ("EMAIL", "ann@example.com"))}  # fmt: skip
    environ = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **who}
    return subprocess.run(words, cwd=folder, env=environ, capture_output=True, check=True).stdout
