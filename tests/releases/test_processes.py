"""How often git is started: not once for each entry."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from promptreg.commands.log import log
from promptreg.commands.show import show
from promptreg.commands.status import status

if TYPE_CHECKING:
    from tests.conftest import Site

FEW, MANY = 2, 20


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The git commands that were started, in their order."""
    words: list[str] = []
    real = subprocess.Popen

    def count(command: list[Any], **more: Any) -> Any:
        if command[0] == b"git":
            words.append(b" ".join(command).decode().partition("--work-tree=")[2])
        return real(command, **more)

    monkeypatch.setattr(subprocess, "Popen", count)
    return words


@pytest.fixture(scope="module")
def sizes(site_template: Site, tmp_path_factory: pytest.TempPathFactory) -> list[Site]:
    """Two registries, one of them with ten times the entries; nobody changes them."""
    made = []
    for entries in (FEW, MANY):
        here = site_template.copy_to(
            tmp_path_factory.mktemp("many") / "repo", site_template.environ
        )
        for number in range(entries):
            here.prompt(f"p{number}")
        here.commit()
        for number in range(entries):
            here.release(f"p{number}")
        here.promote(*(f"p{number}@0.1.0" for number in range(entries)))
        for number in range(entries):
            here.prompt(f"p{number}", "two {{ who }}")
        here.commit("Say two")
        made.append(here)
    return made


@pytest.mark.parametrize(
    "verb",
    [
        lambda site: status(site.workspace),
        lambda site: log(site.workspace, "p0"),
        lambda site: show(site.workspace, "p0"),
        lambda site: site.plan_release(""),
    ],
    ids=["status", "log", "show", "release --changed"],
)
def test_it_does_not_grow_with_the_entries(
    sizes: list[Site], started: list[str], verb: Callable[[Site], object]
) -> None:
    counts = []
    for here in sizes:
        started.clear()
        verb(here)
        counts.append(len(started))
    # A bounded pipe takes 60 ids at a time; that may cost a start or two, never one per entry.
    assert counts[0] > 3
    assert counts[1] <= counts[0] + 2, started
