"""Which format goes where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from promptreg.cli.reports import pair_up
from promptreg.errors import UsageError

A, B = Path("a"), Path("b")


@pytest.mark.parametrize(
    ("formats", "outputs", "targets"),
    [
        ([], [], [("text", None)]),
        ([], [A], [("text", A)]),
        (["json"], [], [("json", None)]),
        (["junit"], [Path("a.md")], [("junit", Path("a.md"))]),
        (["text", "sarif"], [A], [("text", None), ("sarif", A)]),
        (["text", "sarif"], [A, B], [("text", A), ("sarif", B)]),
        (["text", "gitlab"], [Path("q.json")], [("text", None), ("gitlab", Path("q.json"))]),
    ],
)
def test_formats_and_files_pair_up(formats: list[str], outputs: list[Path], targets: Any) -> None:
    assert pair_up(formats, outputs) == tuple(targets)


@pytest.mark.parametrize(
    ("formats", "outputs", "what"),
    [
        (["xml"], [], "there is no format `xml` here"),
        (["text", "json"], [], "2 `--format` and 0 `--output` don't pair"),
        (["text"], [A, B], "1 `--format` and 2 `--output` don't pair"),
        (["text", "json"], [A, A], "two formats can't be written to one file"),
        (["sarif", "text"], [Path("x.sarif")], "`x.sarif` would be written as text"),
    ],
)
def test_what_does_not_pair_is_refused(formats: list[str], outputs: list[Path], what: str) -> None:
    with pytest.raises(UsageError) as caught:
        pair_up(formats, outputs)
    assert caught.value.what == what


def test_several_reports_of_a_registry_in_a_subfolder(session: Any) -> None:
    session.run("git init -q && mkdir reg && cd reg && promptreg init")
    session.run("printf 'name: [\\n' > prompts/broken.prompt.yaml")
    said = session.run(
        "promptreg validate --format github --format junit --output r.xml"
        " --format markdown --output r.md --format sarif --output r.sarif"
    )
    assert said.code == 1
    assert said.output.startswith("::error file=reg/prompts/broken.prompt.yaml,line=")
    folder = session.repo / "reg"
    assert 'file="reg/prompts/welcome.prompt.yaml"' in (folder / "r.xml").read_text()
    assert "### promptreg in `reg`: failed" in (folder / "r.md").read_text()
    assert '"uri": "reg/prompts/broken.prompt.yaml"' in (folder / "r.sarif").read_text()
