"""Each folder of tests/cases/cli is a session: its files, its commands, and what they said.

`repo/` (where there is one) is what the session starts with. In `transcript.txt` a line that begins
with `$ ` is a command, `> ` continues it, and what follows is its output, `[exit N]` at the end
where it isn't 0. Lines before the first command are comments. Ids and paths are normalised.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Session

CASES = Path(__file__).parents[1] / "cases" / "cli"


@dataclass
class Exchange:
    """A command as it stands in a transcript, and the lines below it."""

    command: list[str]
    answer: list[str]


def parse(text: str) -> tuple[list[str], list[Exchange]]:
    """The comment above the first command, and the exchanges."""
    comment: list[str] = []
    exchanges: list[Exchange] = []
    for line in text.split("\n"):
        if line.startswith("$ "):
            exchanges.append(Exchange([line[2:]], []))
        elif exchanges and line.startswith("> ") and not exchanges[-1].answer:
            exchanges[-1].command.append(line[2:])
        elif exchanges:
            exchanges[-1].answer.append(line)
        else:
            comment.append(line)
    return comment, exchanges


def joined(comment: list[str], exchanges: list[Exchange]) -> str:
    """The text of a transcript: an empty line between a command's output and the next command."""
    blocks = ["\n".join(comment).strip("\n")] if any(comment) else []
    for one in exchanges:
        command = "\n".join(
            ("> " if index else "$ ") + line for index, line in enumerate(one.command)
        )
        answer = "\n".join(one.answer).strip("\n")
        blocks.append(f"{command}\n{answer}" if answer else command)
    return "\n\n".join(blocks) + "\n"


@pytest.mark.parametrize(
    "case", sorted(path.parent.name for path in CASES.glob("*/transcript.txt"))
)
def test_transcript(case: str, session: Session, pytestconfig: pytest.Config) -> None:
    folder = CASES / case
    if (folder / "repo").is_dir():
        shutil.copytree(folder / "repo", session.repo, dirs_exist_ok=True, symlinks=True)
    expected = (folder / "transcript.txt").read_text(encoding="utf-8")
    comment, exchanges = parse(expected)
    for one in exchanges:
        said = session.run("\n".join(one.command))
        assert said.code != 3, f"a bug in promptreg: {said.output}"
        one.answer = session.normalised(said.output).split("\n")
        assert not any(line.startswith("$ ") for line in one.answer), "output looks like a command"
        if said.code:
            one.answer = [*"\n".join(one.answer).rstrip("\n").split("\n"), f"[exit {said.code}]"]
    found = joined(comment, exchanges)
    if pytestconfig.getoption("--update-transcripts", default=False):
        (folder / "transcript.txt").write_text(found, encoding="utf-8")
    else:
        assert found == joined(*parse(expected))
