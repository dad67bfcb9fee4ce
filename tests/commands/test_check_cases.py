"""A folder below tests/cases/check is a case: what main holds, what a branch makes of it, and what
`check --base main` says there.

`base/` and `head/` are the whole registry on each side; `promptreg.yaml` is the same in all unless
a side has its own. `case.yaml`, where there is one, says more: `without: base` or `head` has no
promptreg.yaml, `folder` is where the registry lies, `release` names entries that are released on
main, `everything` asks for `--all`. `DIGEST:NAME` in a file stands for the digest of NAME on main.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from tests.conftest import TODAY

from promptreg.commands.check import Checked, CheckRequest, check
from promptreg.errors import PromptregError
from promptreg.model.finding import Finding, Severity
from promptreg.registry.load import load
from promptreg.registry.workspace import open_workspace
from promptreg.reporters.check import check_lines
from promptreg.reporters.lines import plain
from promptreg.store.trees import WorkTree

if TYPE_CHECKING:
    from tests.conftest import Playground

CASES = Path(__file__).parents[1] / "cases" / "check"
NAMES = sorted(path.name for path in CASES.iterdir() if path.is_dir())
CONFIGURATION = """\
apiVersion: promptreg/v1
kind: Registry
name: test
owners: {team: {contact: team@example.com}}
"""


def written(here: Playground, case: str, word: str, more: dict[str, Any]) -> None:
    """Make the working tree one side of a case."""
    folder = CASES / case / word
    root = here.path / more.get("folder", "")
    if more.get("without") != word:
        here.write(str(root / "promptreg.yaml"), CONFIGURATION)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            for name, digest in more.get("digests", {}).items():
                data = data.replace(f"DIGEST:{name}".encode(), digest.encode())
            here.write(str(root / path.relative_to(folder)), data)


def pushed(here: Playground, case: str) -> dict[str, Any]:
    """Commit both sides, the head on a branch that is checked out; what `case.yaml` says."""
    place = CASES / case / "case.yaml"
    more: dict[str, Any] = yaml.safe_load(place.read_text()) if place.exists() else {}
    names = more.get("release", ())
    written(here, case, "base", more)
    entries = load(WorkTree(here.path)).snapshot.entries if names else {}
    more["digests"] = {name: entries[name].digest() for name in names}
    written(here, case, "base", more)
    here.commit("base")
    for name, digest in more["digests"].items():
        lines = f"Promptreg-Digest: {digest}\nPromptreg-Bump: minor"
        here.run("tag", "-a", "-m", f"Release {name} 0.1.0\n\n{lines}", f"{name}@v0.1.0")
    here.run("switch", "--quiet", "-c", "topic")
    here.run("rm", "-r", "--quiet", ".")
    written(here, case, "head", more)
    here.commit("head")
    return more


def short(finding: Finding) -> str:
    place = f":{finding.at.place.line}" if finding.at.place else ""
    about = f" ({finding.entry})" if finding.entry else ""
    return f"{finding.severity.word}[{finding.rule}] {finding.at.path}{place}{about}"


def told(found: Checked) -> dict[str, Any]:
    """The answer in the words of `expected.yaml`."""
    parts = (found.report, found.judgements, found.comparison, found.inactive)
    return {
        "exit": 1 if found.report.fails(Severity.ERROR) else 0,
        "bump": {one.name: one.bump.word for one in found.judgements},
        "findings": [short(finding) for finding in found.report.findings],
        "notes": list(found.report.notes),
        "text": plain(check_lines(*parts, fail_on=Severity.ERROR)),
    }


def answer(here: Playground, more: dict[str, Any]) -> dict[str, Any]:
    """What `check --base main` answers."""
    request = CheckRequest("main", TODAY, everything=more.get("everything", False))
    try:
        workspace = open_workspace(here.path / more.get("folder", ""), here.environ)
        return told(check(workspace, request))
    except PromptregError as error:
        where = error.where.replace(str(here.path), "REPO")
        return {"exit": 2, "error": [error.what, where, error.hint]}


@pytest.mark.parametrize("case", NAMES)
def test_a_case_is_judged_as_expected(case: str, playground: Playground) -> None:
    expected = yaml.safe_load((CASES / case / "expected.yaml").read_text(encoding="utf-8"))
    assert answer(playground, pushed(playground, case)) == expected


@pytest.mark.parametrize("case", NAMES)
def test_what_is_merged_brings_nothing(case: str, playground: Playground) -> None:
    more = pushed(playground, case)
    playground.run("branch", "--force", "main", "topic")
    found = answer(playground, {**more, "everything": False})
    if found["exit"] != 2:
        assert found["exit"] == 0
        assert found["findings"] == []
        assert found["bump"] == {}


def test_there_are_cases() -> None:
    assert len(NAMES) > 30
