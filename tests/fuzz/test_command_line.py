"""Whatever a repository holds, a command ends with 0, 1 or 2, in words that act on nothing.

`TORTURE=25` runs 25 times as many examples.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

TORTURE = int(os.environ.get("TORTURE", "1"))
EXAMPLES = Path(__file__).parents[2] / "examples"
PICKED = (
    "promptreg.yaml",
    "prompts/support/triage/prompt.yaml",
    "environments/production.yaml",
    "agents/support-bot.agent.yaml",
)
COMMANDS = (
    ("validate",),
    ("validate", "--format", "json"),
    ("list",),
    ("show", "support/triage"),
    ("diff", "--base", "HEAD~1"),
    ("status",),
    ("test",),
    ("check", "--base", "HEAD~1"),
    ("render", "support/triage", "--input", "message=x"),
)
NOISE = st.binary(max_size=6) | st.sampled_from(
    [b"\x1b[2J", b"\n::error::x\n", b"\xe2\x80\xae", b"[/x]", b"{{", b"{% if", b": [", b"\xff", b"&a [*a]", b"\r", b"!!python/name:os.system ", b"##[error]"]
)  # fmt: skip
EDITS = st.lists(
    st.tuples(st.sampled_from(PICKED), st.floats(0, 1), st.sampled_from([0, 0, 3, 40]), NOISE),
    min_size=1,
    max_size=4,
)
# Each example starts programs: what fails is told as found, not made small first.
_RARE = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
_RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
_COMMAND = re.compile(r"^\s*::[a-z-]+( [^:\n]*)?::|##\[\w+\]|##vso\[", re.MULTILINE)
_GIT = ("git", "-c", "user.name=Ann", "-c", "user.email=ann@example.com")


@settings(_RARE, max_examples=10 * TORTURE)
@given(EDITS, st.sampled_from(COMMANDS))
def test_no_file_breaks_a_command(
    edits: list[tuple[str, float, int, bytes]], command: tuple[str, ...]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        repo = Path(folder) / "repo"
        subprocess.run(["cp", "-r", str(EXAMPLES), str(repo)], check=True)
        _commit(repo, "init", "-q", "-b", "main")
        for path, where, drop, put in edits:
            held = (repo / path).read_bytes()
            at = int(where * len(held))
            (repo / path).write_bytes(held[:at] + put + held[at + drop :])
        _commit(repo)
        _holds(repo, *command)


ARGUMENTS = st.lists(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
    | st.sampled_from(
        [
            "validate",
            "list",
            "show",
            "render",
            "diff",
            "check",
            "status",
            "log",
            "blame",
            "release",
            "promote",
            "rollback",
            "test",
            "new",
            "init",
            "schema",
            "--help",
            "--format",
            "json",
            "--base",
            "HEAD",
            "--rev",
            "-C",
            "..",
            "--",
            "-",
            "--input",
            "a=b",
            "@",
            "git:",
            "\x1b[31m",
            "::error::x",
            "[bold]",
            "--output",
            "/dev/full",
            "--env",
            "production",
            "--dry-run",
            "support/triage",
        ]
    ),
    max_size=5,
)


@settings(_RARE, max_examples=10 * TORTURE)
@given(ARGUMENTS)
def test_no_words_break_the_command_line(words: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        repo = Path(folder) / "repo"
        subprocess.run(["cp", "-r", str(EXAMPLES), str(repo)], check=True)
        _commit(repo, "init", "-q", "-b", "main")
        _holds(repo, *words)


def _commit(repo: Path, *first: str) -> None:
    for words in (first, ("add", "-A"), ("commit", "-q", "--allow-empty", "-m", "x")):
        if words:
            subprocess.run([*_GIT, *words], cwd=repo, check=True, capture_output=True)


def _holds(repo: Path, *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "promptreg", *words], cwd=repo, check=False, timeout=300,
        stdin=subprocess.DEVNULL, capture_output=True,
    )  # fmt: skip
    output = (done.stdout + b"\n" + done.stderr).decode()
    assert done.returncode in (0, 1, 2), output
    assert "Traceback" not in output
    assert done.returncode == 0 or output.strip()
    assert not _RAW.search(output)
    assert not _COMMAND.search(output)
