"""The ```console blocks of a page are one session; what they show is what the commands say.

A line that begins with `$ ` is a command, `> ` continues it, and what follows is its output,
`[exit N]` at the end where it isn't 0. A page that says `<!-- session: examples -->` begins in a
repository with a copy of the examples. `pytest tests/cli --update-transcripts` writes the answers.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Session

TOP = Path(__file__).parents[2]
PAGES = ("README.md", *(f"docs/{path.name}" for path in sorted((TOP / "docs").glob("*.md"))))
_BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
_EXCHANGE = re.compile(r"^\$ .*\n(?:^> .*\n)*", re.MULTILINE)
_EXAMPLES = "<!-- session: examples -->"
_COMMIT = "git init -q && git add . && git commit -qm 'Start the registry'"


def with_sessions() -> list[str]:
    return [page for page in PAGES if _BLOCK.search((TOP / page).read_text(encoding="utf-8"))]


@pytest.mark.parametrize("page", with_sessions())
def test_a_page_shows_what_its_commands_say(
    page: str, session: Session, pytestconfig: pytest.Config
) -> None:
    shown = (TOP / page).read_text(encoding="utf-8")
    if _EXAMPLES in shown:
        shutil.copytree(TOP / "examples", session.repo, dirs_exist_ok=True)
        assert session.run(_COMMIT).code == 0
    said = _BLOCK.sub(lambda block: _answered(block[0], session), shown)
    if pytestconfig.getoption("--update-transcripts", default=False):
        (TOP / page).write_text(said, encoding="utf-8")
    else:
        assert _normalised(said, session) == _normalised(shown, session)


def test_readme_has_a_tour() -> None:
    assert "README.md" in with_sessions()


def _answered(block: str, session: Session) -> str:
    """The commands of a block, each with what it says now."""
    parts = []
    for exchange in _EXCHANGE.findall(block):
        lines = exchange.rstrip("\n").split("\n")
        said = session.run("\n".join(line[2:] for line in lines))
        assert said.code != 3, f"a bug in promptreg: {said.output}"
        output = said.output.replace(str(session.repo), "~/work").rstrip("\n")
        answer = [output] if output else []
        answer += [f"[exit {said.code}]"] if said.code else []
        parts.append("\n".join([*lines, *answer]) + "\n")
    return "\n".join(parts)


def _normalised(text: str, session: Session) -> str:
    """The sessions of a page; their ids are named from the first on."""
    session.ids.clear()
    session.digests.clear()
    return session.normalised("\n".join(_BLOCK.findall(text)))
