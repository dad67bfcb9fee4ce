"""The same inputs give the same bytes in any folder, locale, hash seed and checkout."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.environments.conftest import Place

COMMANDS = (
    "promptreg render demo --inputs inputs/demo.json",
    "promptreg render demo@1.0.0 --inputs inputs/demo.json --format json",
    "promptreg validate --format json",
    "promptreg validate --rev HEAD --format sarif",
    "promptreg list",
    "promptreg list --format json",
    "promptreg show demo --format json",
    "promptreg diff --base HEAD~1 --format json",
    "promptreg schema prompt",
)
ELSEWHERE = {
    "hash seed": {"PYTHONHASHSEED": "1"},
    "another hash seed": {"PYTHONHASHSEED": "77"},
    "the C locale": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "a German locale and time zone": {"LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de", "TZ": "Asia/Tokyo"},
    "a colourful terminal's variables": {"CLICOLOR": "1", "COLORTERM": "truecolor", "TERM": "xterm"},
}  # fmt: skip


def answers(place: Place, **more: str) -> dict[str, bytes]:
    found = {}
    for line in COMMANDS:
        ended = place.shell(line, None, **more)
        assert ended.code == 0, ended.said
        found[line] = ended.stdout
    return found


@pytest.fixture
def usual(place: Place) -> dict[str, bytes]:
    return answers(place)


def test_whatever_the_environment(place: Place, usual: dict[str, bytes]) -> None:
    for name, more in ELSEWHERE.items():
        assert answers(place, **more) == usual, name


def test_whatever_the_folder(place: Place, usual: dict[str, bytes]) -> None:
    elsewhere = place.repo.parent / "an other folder ü"
    place.repo.rename(elsewhere)
    place.repo.mkdir()
    for line in COMMANDS:
        assert place.shell(line, elsewhere).stdout == usual[line], line
        below = place.shell(line.replace("inputs/", "../inputs/"), elsewhere / "prompts")
        assert below.stdout == usual[line], line


def test_whatever_the_line_ends_of_the_checkout(place: Place, usual: dict[str, bytes]) -> None:
    place.must("sed -i 's/$/\\r/' promptreg.yaml prompts/* environments/*")
    assert b"\r\n" in (place.repo / "prompts" / "demo.j2").read_bytes()
    for line in COMMANDS:
        assert place.shell(line).stdout == usual[line], line


def test_whatever_the_clone(place: Place, usual: dict[str, bytes]) -> None:
    clone = place.repo.parent / "clone"
    place.must(f"git clone -q file://{place.repo} {clone}", place.repo.parent)
    shutil.rmtree(place.repo)
    for line in COMMANDS:
        assert place.shell(line, clone).stdout == usual[line], line
