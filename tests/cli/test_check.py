"""`check` as CI runs it: formats, files and exit codes."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Session

START = "git init -q && promptreg init > /dev/null && git add -A && git commit -qm Start"
ON_A_BRANCH = "git switch -qc topic"
WELCOME = "prompts/welcome.prompt.yaml"
BREAK = (
    f"sed -i 's/^inputs:/inputs:\\n  tier: {{type: string, description: The tier., required: true}}/' {WELCOME}"
    f" && sed -i 's/      name: .*/&\\n      tier: gold/' {WELCOME} && git commit -qam Break"
)
REWORD = f"sed -i 's/^description: .*/description: Other words./' {WELCOME}; git commit -qam Reword"


@pytest.fixture
def pull_request(session: Session) -> Session:
    """A registry, and a branch that is checked out and changes nothing yet."""
    said = session.run(f"{START} && {ON_A_BRANCH}")
    assert said.code == 0, said.output
    return session


def test_several_formats_at_once(pull_request: Session) -> None:
    pull_request.run(BREAK)
    said = pull_request.run(
        "promptreg check --base main --format text --format sarif --output a.sarif "
        "--format junit --output a.xml --format markdown --output a.md "
        "--format gitlab --output gl.json --format json --output a.json"
    )
    assert said.code == 1
    assert "error[required-input-added]" in said.output
    repo = pull_request.repo
    assert json.loads((repo / "a.sarif").read_text())["version"] == "2.1.0"
    assert ET.parse(repo / "a.xml").getroot().tag == "testsuites"  # noqa: S314 - our own
    assert (repo / "a.md").read_text().startswith("<!-- promptreg -->\n### promptreg: failed")
    assert json.loads((repo / "gl.json").read_text())
    document = json.loads((repo / "a.json").read_text())
    assert document["schema"] == "promptreg/check/v1"
    assert (document["ok"], document["entries"][0]["bump"]) == (False, "major")


@pytest.mark.parametrize(
    ("change", "fail_on", "code"),
    [
        (BREAK, "error", 1),
        (BREAK, "info", 1),
        (REWORD, "error", 0),
        (REWORD, "warning", 0),
        (REWORD, "info", 1),
        ("true", "info", 0),
    ],
)
def test_what_fails_is_told(pull_request: Session, change: str, fail_on: str, code: int) -> None:
    pull_request.run(change)
    said = pull_request.run(f"promptreg check --base main --fail-on {fail_on}")
    assert said.code == code, said.output
    if code:
        assert "error[" in said.output or f"{fail_on}[" in said.output


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("promptreg check --base main..topic", "it is a range"),
        ("promptreg check --base mian", "did you mean `main`"),
        ("promptreg check --base main --fail-on never", "one of: error, warning, info"),
        ("promptreg check --base main --format xml", "one of: text, json"),
        ("git rm -q promptreg.yaml && git commit -qm x && promptreg check --base main", "promptreg.yaml"),
        ("echo 'name: [' > promptreg.yaml; git commit -qam x; promptreg check --base main", "promptreg.yaml"),
        ("cd / && promptreg check --base main", "promptreg.yaml"),
    ],
)  # fmt: skip
def test_what_could_not_run_exits_with_two(pull_request: Session, command: str, words: str) -> None:
    said = pull_request.run(command)
    assert (said.code, "Traceback" in said.output) == (2, False)
    assert words in said.output


def test_notes_are_no_part_of_the_result(pull_request: Session) -> None:
    pull_request.run(f"echo '# more' >> {WELCOME}")
    said = pull_request.run("promptreg check --base main 2> notes.txt")
    assert "note" not in said.output
    assert "HEAD is judged, not the working tree" in (pull_request.repo / "notes.txt").read_text()
