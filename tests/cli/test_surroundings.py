"""What lies around a command line: the folder it runs in, its streams, links, a bug of our own."""

from __future__ import annotations

import os
import pty
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Session

_MODULES = ("jinja2", "yaml", "typer", "rich", "json", "git", "jsonschema_rs", "resource", "socket")


@pytest.fixture
def registry(session: Session) -> Session:
    """A registry with one prompt and its inputs."""
    assert session.run("promptreg init > /dev/null && git add . && git commit -qm start").code == 0
    session.run("""echo '{"message": "hi"}' > inputs.json""")
    return session


def test_modules_that_lie_in_the_repository_are_never_imported(registry: Session) -> None:
    for name in _MODULES:
        (registry.repo / f"{name}.py").write_text("open('ran', 'w')\nraise SystemExit(9)\n")
    for command in (
        "promptreg validate",
        "promptreg render welcome --inputs inputs.json",
        "promptreg test",
        "promptreg diff --base HEAD",
    ):
        said = registry.run(command)
        assert said.code == 0, said.output
    assert not (registry.repo / "ran").exists()


def test_a_result_is_not_written_through_a_link_of_the_repository(registry: Session) -> None:
    outside = registry.home / "outside.txt"
    outside.write_text("mine")
    (registry.repo / "report.json").symlink_to(outside)
    (registry.repo / "reports").symlink_to(registry.home)
    for target in ("report.json", "reports/outside.txt", "$PWD/report.json"):
        for command in ("validate --format json", "render welcome --inputs inputs.json"):
            said = registry.run(f"promptreg {command} --output {target}")
            assert said.code == 2, said.output
            assert "is not followed" in said.output
    assert outside.read_text() == "mine"
    assert registry.run("promptreg list --output /dev/stdout").code == 0
    assert registry.run("promptreg list --output ../home/fine.txt").code == 0


def test_inputs_are_not_read_through_a_link_of_the_repository(registry: Session) -> None:
    secret = registry.home / "secret.json"
    secret.write_text('{"message": "s3cret"}')
    (registry.repo / "inputs.json").unlink()
    (registry.repo / "inputs.json").symlink_to(secret)
    said = registry.run("promptreg render welcome --inputs inputs.json")
    assert said.code == 2
    assert "s3cret" not in said.output
    line = "promptreg render welcome --inputs"
    assert registry.run(f"{line} {shlex.quote(str(secret))}").code == 0
    assert registry.run(f"{line} <(cat {shlex.quote(str(secret))})").code == 0


def test_the_configuration_says_how_large_inputs_may_be(registry: Session) -> None:
    registry.run("echo 'limits: {input_bytes: 10}' >> promptreg.yaml")
    for line in ("--inputs inputs.json", "--inputs - < inputs.json"):
        said = registry.run(f"promptreg render welcome {line}")
        assert said.code == 2
        assert "more than 10 bytes" in said.output


def test_a_closed_standard_input_is_a_sentence(registry: Session) -> None:
    said = registry.run("promptreg render welcome --inputs - <&-")
    assert said.code == 2
    assert said.output.startswith("error: standard input is closed")


def test_a_terminal_whose_locale_has_no_unicode_shows_all_the_same(registry: Session) -> None:
    prompt = registry.repo / "prompts" / "welcome.prompt.yaml"
    text = prompt.read_text()
    assert "description: " in text
    prompt.write_text(text.replace("description: ", "description: Größe ", 1))
    environ = registry.environ() | {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "TERM": "xterm"}
    environ |= {"PYTHONCOERCECLOCALE": "0"}
    del environ["NO_COLOR"]
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "promptreg", "show", "welcome"],
        cwd=registry.repo,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        check=False,
    )
    os.close(theirs)
    shown = os.read(ours, 65536).decode()
    os.close(ours)
    assert done.returncode == 0, shown
    assert "Größe" in shown


@pytest.mark.parametrize(
    ("before", "variable"), [("", ""), ("--debug ", ""), ("", "PROMPTREG_DEBUG=1 ")]
)
def test_a_traceback_is_printed_only_where_it_is_asked_for(
    registry: Session, before: str, variable: str
) -> None:
    # A command's module that can't be loaded stands for a bug.
    broken = registry.home / "broken"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text(
        "import sys\nsys.modules['promptreg.cli.list_command'] = None\n"
    )
    registry.variables["PYTHONPATH"] = str(broken)
    said = registry.run(f"{variable}promptreg {before}list")
    assert said.code == 3
    assert "bug: ModuleNotFoundError" in said.output
    assert ("Traceback" in said.output) is bool(before or variable)
