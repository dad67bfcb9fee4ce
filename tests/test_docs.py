"""The pages keep their promises: links lead somewhere, commands and options exist, nothing is stale."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from promptreg.cli.table import COMMANDS

TOP = Path(__file__).parents[1]
PAGES = sorted(
    str(path.relative_to(TOP))
    for folder in (".", "docs", "docs/adr", "docs/rules", "examples")
    for path in (TOP / folder).glob("*.md")
)
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
_INLINE = re.compile(r"`(promptreg [^`\n]+)`")
_LINE = re.compile(r"^(?:\$ |> |- run: |exec |entry: |\s)*(promptreg .*)$", re.MULTILINE)
_INDENTED = re.compile(r"^    (promptreg .*)$", re.MULTILINE)
_OPTION = re.compile(r"(?<![\w-])--?[a-zA-Z][\w-]*")
_NAMES = {command.name for command in COMMANDS}


def test_the_generated_pages_are_fresh() -> None:
    done = subprocess.run(
        [sys.executable, TOP / "scripts" / "generate_docs.py", "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    text = _FENCE.sub("", (TOP / page).read_text(encoding="utf-8"))
    for link in _LINK.findall(text):
        if link.startswith(("https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = (TOP / page).parent / path if path else TOP / page
        assert target.exists(), f"{page}: {link}"
        if anchor:
            assert anchor in set(_anchors(target)), f"{page}: {link}"


@pytest.mark.parametrize("page", PAGES)
def test_command_lines_are_understood(page: str) -> None:
    text = (TOP / page).read_text(encoding="utf-8")
    fenced = "\n".join(_FENCE.findall(text))
    for line in [*_INLINE.findall(text), *_LINE.findall(fenced), *_INDENTED.findall(text)]:
        words = _words(line)
        verb = next((word for word in words[1:] if word in _NAMES), None)
        if verb is None:
            assert set(words[1:]) <= {"--help", "--version", "COMMAND", "-C", "DIR"}, line
            continue
        known = set(_OPTION.findall(_reference(verb)))
        unknown = {word.partition("=")[0] for word in words if word.startswith("-")} - known
        assert not unknown - {"-", "-C"}, f"{page}: `{line}` has {', '.join(sorted(unknown))}"


def test_every_command_is_described() -> None:
    for name in _NAMES:
        assert "Examples:" in _reference(name)


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = [TOP / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or not page.is_file():
            continue
        seen.add(page)
        links = _LINK.findall(page.read_text(encoding="utf-8")) if page.suffix == ".md" else []
        waiting += [(page.parent / link.partition("#")[0]).resolve() for link in links]
    assert {TOP / page for page in PAGES if not page.startswith("docs/adr/")} <= seen


def _anchors(page: Path) -> Iterator[str]:
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _words(line: str) -> list[str]:
    """The words of the first command of a line, without what the shell makes of it."""
    try:
        words = shlex.split(line, comments=True)
    except ValueError:  # a quote that goes on in the next line
        words = line.split()
    ends = [index for index, word in enumerate(words) if word in {"|", "&&", ">", ";", "||"}]
    return words[: ends[0]] if ends else words


def _reference(name: str) -> str:
    text = (TOP / "docs" / "cli.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"docs/cli.md has no section for {name}"
    return found[1]
